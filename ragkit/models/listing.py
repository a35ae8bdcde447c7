"""Every model that can be named, with what is known of it and whether it is here and fits."""

from pathlib import Path
from typing import NamedTuple

from ragkit.errors import ModelError
from ragkit.models.adapting import shipped_adapter
from ragkit.models.catalogue import HubWeights, Kind, ModelEntry, find_entry, load_catalogue
from ragkit.models.finding import locate
from ragkit.models.fitting import encoder_memory, llm_memory
from ragkit.models.pulled import PulledModel, list_pulled, missing_part, opened_path
from ragkit.models.reading import shipped_reader


class ModelRow(NamedTuple):
    """What `ragkit models list` shows of a model."""

    name: str
    kind: Kind
    size_bytes: int
    licence: str
    present: bool
    path: str
    """Empty where it is not here."""
    damaged: bool
    """Whether a part of it is missing."""
    memory_bytes: int
    """What it takes while it works, about."""
    context: int
    """Tokens that it reads at once; 0 where that is not known."""
    dim: int
    """Length of an embedding; 0 for an LLM."""
    languages: tuple[str, ...]
    source: str
    """The package that brings it, or what `models pull` would fetch."""
    verified: bool
    """Whether it was run and measured with ragkit."""
    description: str
    adapter: str = ""
    """The LoRA adapter that comes with ragkit for these weights; empty for none."""
    reader: str = ""
    """The reader that comes with ragkit for this encoder; empty for none."""


def list_models(*, cache_dir: Path | None = None, context_window: int = 4096) -> list[ModelRow]:
    """Return every known model and every pulled one, encoders first, small ones first.

    Args:
        cache_dir: Where pulled models are; None where there are none.
        context_window: Tokens that an LLM's memory is counted for.
    """
    rows = [_known_row(entry, cache_dir, context_window) for entry in load_catalogue()]
    if cache_dir:
        own = (one for one in list_pulled(cache_dir) if find_entry(one.name) is None)
        rows += [_pulled_row(model, cache_dir, context_window) for model in own]
    return sorted(rows, key=lambda row: (row.kind, row.memory_bytes))


def _known_row(entry: ModelEntry, cache_dir: Path | None, context_window: int) -> ModelRow:
    damaged = False
    try:
        found = locate(entry, cache_dir=cache_dir)
    except ModelError:
        found, damaged = None, True
    source = entry.source
    if entry.kind == "llm":
        memory = llm_memory(
            entry.size_bytes,
            context=entry.context,
            cache_bytes=entry.cache_bytes,
            context_window=context_window,
        )
    else:
        memory = encoder_memory(entry.size_bytes, parameters=entry.parameters)
    return ModelRow(
        name=entry.name,
        kind=entry.kind,
        size_bytes=entry.size_bytes,
        licence=entry.licence,
        present=found is not None,
        path=str(found.path) if found else "",
        damaged=damaged,
        memory_bytes=memory,
        context=entry.context,
        dim=entry.dim,
        languages=entry.languages,
        source=hub_source(source) if isinstance(source, HubWeights) else source.package,
        verified=entry.verified,
        description=entry.description,
        adapter=_adapter_name(found.sha256 if found else ""),
        reader=_reader_name(entry.name),
    )


def _adapter_name(weights_sha256: str) -> str:
    adapter = shipped_adapter(weights_sha256)
    return adapter.name if adapter else ""


def _reader_name(encoder: str) -> str:
    reader = shipped_reader(encoder)
    return reader.name if reader else ""


def hub_source(source: HubWeights) -> str:
    """Return a place on a hub in the form that `models pull` takes.

    >>> hub_source(HubWeights("owner/model-GGUF", "model-q8_0.gguf"))
    'hf:owner/model-GGUF:model-q8_0.gguf'
    """
    return f"hf:{source.repo}:{source.file}".removesuffix(":")


def _pulled_row(model: PulledModel, cache_dir: Path, context_window: int) -> ModelRow:
    if model.kind == "llm":
        memory = llm_memory(
            model.size_bytes,
            context=model.context,
            cache_bytes=model.cache_bytes,
            context_window=context_window,
        )
    else:
        memory = encoder_memory(model.size_bytes, parameters=model.parameters)
    damaged = bool(missing_part(model, cache_dir=cache_dir))
    path = str(opened_path(model, cache_dir=cache_dir))
    return ModelRow(
        name=model.name,
        kind=model.kind,
        size_bytes=model.size_bytes,
        licence=model.licence or "not stated",
        present=not damaged,
        path="" if damaged else path,
        damaged=damaged,
        memory_bytes=memory,
        context=model.context,
        dim=0,
        languages=(),
        source=model.source,
        verified=False,
        description="",
        adapter=_adapter_name(model.files[0].sha256),
    )
