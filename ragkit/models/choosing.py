"""Which files of a hub's repository make a model: a GGUF file in all its parts, or an encoder.

Pure functions of file names.
"""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from typing import NamedTuple

from ragkit.errors import ModelError
from ragkit.models.catalogue import Kind

_PREFERRED = ("Q4_K_M", "Q4_K_S", "Q5_K_M", "Q4_0", "Q8_0", "Q6_K", "Q5_K_S", "Q4_1", "IQ4_XS")
"""What to take where the user does not say: four bits with more for the sensitive tensors first.

Source: llama.cpp, tools/quantize/README.md: files shrink to there before perplexity rises much.
"""
_QUANT = r"(?:UD-)?(?:I?Q\d(?:_[0-9A-Z]+)*|TQ\d_\d|MXFP4(?:_MOE)?|BF16|F16|FP16|F32)"
_NAME = re.compile(
    rf"(?:^|[-_.])(?P<quant>{_QUANT})?(?:-(?P<number>\d{{5}})-of-(?P<count>\d{{5}}))?\.gguf$",
    re.IGNORECASE,
)
_ENCODER_FILES = ("*.json", "*.txt", "*.model")
_WEIGHTS = (".safetensors", ".bin")
_MODULE = re.compile(r"(?:\d+_\w+/)?[^/]+")
"""A file of an encoder lies at the top, or in a module's folder such as 1_Pooling."""
_TERMS = re.compile(r"(?:LICEN[SC]E|NOTICE|USE_POLICY)[\w. -]*", re.ASCII)
_MOST_SHOWN = 12


class Choice(NamedTuple):
    """What to fetch of a repository."""

    kind: Kind
    files: tuple[str, ...]
    """The one to open first; the terms of use last."""
    part: str = ""
    """The quantisation or file that tells it from others in the repository."""


class _Gguf(NamedTuple):
    """A GGUF file or all the parts of one."""

    files: tuple[str, ...]
    quant: str


def choose_files(names: Sequence[str], part: str, *, repo: str) -> Choice:
    """Return the files to fetch.

    Args:
        names: All files of the repository.
        part: A quantisation, a GGUF file, or empty for what is best.
        repo: For what is said where nothing fits.

    Raises:
        ModelError: There is no such file, several fit, or it holds no model at all.

    >>> names = ["a-Q8_0.gguf", "a-q4_k_m-00001-of-00002.gguf", "a-q4_k_m-00002-of-00002.gguf"]
    >>> choose_files(names, "", repo="owner/a").part
    'Q4_K_M'
    >>> choose_files(names, "Q8_0", repo="owner/a").files
    ('a-Q8_0.gguf',)
    """
    names = [name for name in names if _is_plain(name)]
    terms = tuple(name for name in names if _TERMS.fullmatch(name))
    if "modules.json" in names and not part:
        return Choice("encoder", (*_encoder_files(names, repo), *terms))
    models = _group(names)
    if not models:
        raise ModelError(
            f"{repo} on the hub holds no GGUF file, and is no sentence-transformers model: it has"
            " no modules.json",
            hint="look for a repository of the model in GGUF form",
        )
    chosen = _choose_gguf(models, part, repo)
    return Choice("llm", (*chosen.files, *terms), part or chosen.quant or chosen.files[0])


def _is_plain(name: str) -> bool:
    """Return whether a name leads to a file inside a folder, on every system."""
    return not ({"\\", ":", "\0"} & set(name)) and all(
        part not in ("", ".", "..") for part in name.split("/")
    )


def _encoder_files(names: Sequence[str], repo: str) -> tuple[str, ...]:
    """Return modules.json, settings, tokenizer, and the weights in their safest form."""
    own = [name for name in names if _MODULE.fullmatch(name)]
    weights = [name for name in own if name.endswith(_WEIGHTS)]
    safe = [name for name in weights if name.endswith(".safetensors")]
    folders_with_safe = {name.rpartition("/")[0] for name in safe}
    kept = [
        name for name in weights if name in safe or name.rpartition("/")[0] not in folders_with_safe
    ]
    if not any("/" not in name for name in kept):
        raise ModelError(f"{repo} on the hub holds no weights as safetensors or bin", hint="")
    other = [name for name in own if any(fnmatch(name, one) for one in _ENCODER_FILES)]
    first = "modules.json"
    return (first, *sorted(name for name in {*other, *kept} if name != first))


def _group(names: Iterable[str]) -> list[_Gguf]:
    """Return the GGUF models among files, those in parts put together in order."""
    whole: dict[tuple[str, str], list[str]] = {}
    quants: dict[tuple[str, str], str] = {}
    for name in sorted(names):
        found = _NAME.search(name)
        if found is None or "mmproj" in name.lower() or "imatrix" in name.lower():
            continue  # eyes of a model that sees, or statistics: neither is a model
        key = (name[: found.start("number")], found["count"]) if found["number"] else (name, "")
        whole.setdefault(key, []).append(name)
        quants[key] = (found["quant"] or _folder_quant(name)).upper()
    return [
        _Gguf(tuple(files), quants[key])
        for key, files in whole.items()
        if not key[1] or len(files) == int(key[1])
    ]


def _folder_quant(name: str) -> str:
    """Return the quantisation that a file's folder is named after; empty where it is not."""
    folder = name.rpartition("/")[0].rpartition("/")[2]
    return folder if re.fullmatch(_QUANT, folder, re.IGNORECASE) else ""


def _choose_gguf(models: Sequence[_Gguf], part: str, repo: str) -> _Gguf:
    if part.lower().endswith(".gguf"):
        fitting = [one for one in models if part in one.files]
    elif part:
        fitting = [one for one in models if one.quant == part.upper()]
    elif len(models) == 1:
        fitting = list(models)
    else:
        best = next((one for one in _PREFERRED if any(m.quant == one for m in models)), None)
        fitting = [one for one in models if best and one.quant == best]
    if len(fitting) == 1:
        return fitting[0]
    shown = (
        [one.quant or one.files[0] for one in models]
        if not fitting
        else [one.files[0] for one in fitting]
    )
    listed = ", ".join(dict.fromkeys(shown[:_MOST_SHOWN]))
    more = f" and {len(shown) - _MOST_SHOWN} more" if len(shown) > _MOST_SHOWN else ""
    what = f"no {part}" if part and not fitting else "several models"
    raise ModelError(
        f"{repo} on the hub holds {what}; there are: {listed}{more}",
        hint=f"name one of them: ragkit models pull hf:{repo}:{shown[0]}",
    )
