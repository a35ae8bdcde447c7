"""Model weights by name: which are known, where they are, whether they are whole, and ready."""

from ragkit.models.ability import word_summaries
from ragkit.models.adapting import (
    AUTO_ADAPTER,
    NO_ADAPTER,
    find_adapter,
    names_file,
    shipped_adapter,
)
from ragkit.models.catalogue import (
    AdapterEntry,
    HubWeights,
    Kind,
    ModelEntry,
    PackagedWeights,
    ReaderEntry,
    find_entry,
    load_adapters,
    load_catalogue,
    load_readers,
    unknown_model,
)
from ragkit.models.finding import find_encoder, find_llm, known_names, locate_llm
from ragkit.models.fitting import Fit, fit
from ragkit.models.hub import Hub
from ragkit.models.listing import ModelRow, list_models
from ragkit.models.opening import open_llm
from ragkit.models.optimising import Optimised, optimise_llm
from ragkit.models.preparation import PreparedModel, prepare_llm
from ragkit.models.pulled import (
    PulledModel,
    find_pulled,
    list_pulled,
    opened_path,
    remove_pulled,
)
from ragkit.models.pulling import pull_model
from ragkit.models.reading import AUTO_READER, NO_READER, open_reader, shipped_reader
from ragkit.models.verdicts import Trial, Verdict
from ragkit.models.verification import (
    Verification,
    names_to_verify,
    verify_all_of,
    verify_model,
    verify_shipped,
)

__all__ = [
    "AUTO_ADAPTER",
    "AUTO_READER",
    "NO_ADAPTER",
    "NO_READER",
    "AdapterEntry",
    "Fit",
    "Hub",
    "HubWeights",
    "Kind",
    "ModelEntry",
    "ModelRow",
    "Optimised",
    "PackagedWeights",
    "PreparedModel",
    "PulledModel",
    "ReaderEntry",
    "Trial",
    "Verdict",
    "Verification",
    "find_adapter",
    "find_encoder",
    "find_entry",
    "find_llm",
    "find_pulled",
    "fit",
    "known_names",
    "list_models",
    "list_pulled",
    "load_adapters",
    "load_catalogue",
    "load_readers",
    "locate_llm",
    "names_file",
    "names_to_verify",
    "open_llm",
    "open_reader",
    "opened_path",
    "optimise_llm",
    "prepare_llm",
    "pull_model",
    "remove_pulled",
    "shipped_adapter",
    "shipped_reader",
    "unknown_model",
    "verify_all_of",
    "verify_model",
    "verify_shipped",
    "word_summaries",
]
