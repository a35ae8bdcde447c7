"""An LLM's file in the form that this machine's CPU runs quickest, made once and kept.

Source: SmolLM2-135M, 2 cores with AVX-512: Q4_1 has no quick kernel for prompts; requantised to
Q8_0 it reads twice as fast and loses nothing that can be seen, since 4-bit values fit 8 bits: over
536 tokens of corpus/ its perplexity is 69.3 as it came and 68.7 as Q8_0. Other forms are used as
they are, unless `ragkit models optimise` measured that Q8_0 is quicker here.
"""

import json
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from ragkit.errors import ModelError, StorageError
from ragkit.files import (
    sha256_of,
    sha256_once,
    translate_disk_errors,
    write_atomically,
    write_text_atomically,
)
from ragkit.llms import load_llama_cpp
from ragkit.models.finding import locate_llm
from ragkit.models.gguf import FILE_TYPE_Q4_1, FILE_TYPE_Q8_0, read_file_type
from ragkit.models.verdicts import Form, read_verdict, verdict_path
from ragkit.protocols import NoticeListener, ignore_notice

_RECORD_VERSION = 1


class PreparedModel(NamedTuple):
    """A file to open, under the name and hash of the weights as they were published."""

    name: str
    path: Path
    sha256: str


def prepare_llm(
    model: str | Path,
    *,
    cache_dir: Path,
    on_notice: NoticeListener = ignore_notice,
    threads: int = 0,
) -> PreparedModel:
    """Return the file to open for a model, requantised once where that makes it quicker.

    Where the cache cannot be written it is the file as it came, and a notice says so.

    Args:
        model: A name in the catalogue or of a pulled model, or the path of a GGUF file.
        cache_dir: Pulled models are in its models/ folder, and prepared files are kept there.
        on_notice: Hears what takes a moment, or what could not be done.
        threads: CPU threads; 0 for all.

    Raises:
        UsageError: An unknown name.
        ModelError: Not installed, missing, or damaged: not what the catalogue's sha256 says.
    """
    found = locate_llm(str(model), cache_dir=cache_dir)
    name, source = found.name, found.path
    file_type = read_file_type(source)
    sha256 = sha256_once(source, cache_dir=cache_dir)
    if found.sha256 not in ("", sha256):
        raise ModelError(
            f"{source} is damaged: its sha256 is not the one published", hint=found.mend
        )
    verdict = read_verdict(verdict_path(source.stem, sha256, cache_dir=cache_dir))
    wanted: Form = "q8_0" if file_type == FILE_TYPE_Q4_1 else "as it came"
    if (verdict.chosen if verdict else wanted) == "as it came":
        return PreparedModel(name, source, sha256)
    target = prepared_path(source.stem, sha256, cache_dir=cache_dir)
    try:
        make_once(source, target, name=name, on_notice=on_notice, threads=threads)
    except StorageError as error:
        on_notice(f"using {name} as it came, which is slower: {error.message}")
        return PreparedModel(name, source, sha256)
    return PreparedModel(name, target, sha256)


def prepared_path(stem: str, sha256: str, *, cache_dir: Path) -> Path:
    """Return where a prepared file is kept: another source or another llama.cpp, another file."""
    made_by = f"llama-cpp-python-{version('llama-cpp-python')}"
    return cache_dir / "models" / f"{stem}.{sha256[:12]}.q8_0.{made_by}.gguf"


def make_once(
    source: Path, target: Path, *, name: str, on_notice: NoticeListener, threads: int
) -> None:
    """Requantise a file as Q8_0, if that was not done before.

    Raises:
        StorageError: The result could not be written whole.
    """
    if _is_whole(target):
        return
    with translate_disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{target}.lock"):
            if _is_whole(target):
                return
            on_notice(f"preparing {name} for this machine's CPU (once) …")
            write_atomically(target, lambda part: requantise(source, part, threads=threads))
            record = {
                "format_version": _RECORD_VERSION,
                "size_bytes": target.stat().st_size,
                "sha256": sha256_of(target),
            }
            write_text_atomically(_record_path(target), json.dumps(record))


def _record_path(target: Path) -> Path:
    return target.with_name(f"{target.name}.json")


def _is_whole(target: Path) -> bool:
    """Return whether a prepared file is there and is what was written; hashed when it changes."""
    try:
        record = json.loads(_record_path(target).read_text(encoding="utf-8"))
        if target.stat().st_size != record["size_bytes"]:
            return False
        return sha256_once(target, cache_dir=target.parent.parent) == str(record["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def requantise(
    source: Path, target: Path, *, threads: int = 0, file_type: int = FILE_TYPE_Q8_0
) -> None:
    """Write `source` to `target` in another form, by default as Q8_0.

    Raises:
        StorageError: The result could not be written whole.
    """
    llama_cpp = load_llama_cpp()
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype = file_type
    params.allow_requantize = True
    params.nthread = threads
    status = llama_cpp.llama_model_quantize(str(source).encode(), str(target).encode(), params)
    if status != 0:
        raise StorageError(
            f"llama.cpp could not write {target.parent}",
            hint=f"free some space there: df -h {target.parent}",
        )
