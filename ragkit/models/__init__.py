"""Model weights by name: which are known, where they are, whether they are whole, and ready."""

from ragkit.models.catalogue import (
    ModelEntry,
    ModelRow,
    find_encoder,
    find_llm,
    list_models,
    load_catalogue,
)
from ragkit.models.hub import Hub
from ragkit.models.opening import open_llm
from ragkit.models.preparation import PreparedModel, prepare_llm
from ragkit.models.verification import Verification, verify_model

__all__ = [
    "Hub",
    "ModelEntry",
    "ModelRow",
    "PreparedModel",
    "Verification",
    "find_encoder",
    "find_llm",
    "list_models",
    "load_catalogue",
    "open_llm",
    "prepare_llm",
    "verify_model",
]
