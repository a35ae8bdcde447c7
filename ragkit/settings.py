"""The settings of a project: flag, then environment, then ragkit.toml, then default.

Only the workspace reads them; back ends take plain arguments.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

from ragkit.errors import UsageError, unknown_name

SETTINGS_FILE = "ragkit.toml"
ENVIRONMENT_PREFIX = "RAGKIT_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, with its default. The field names are the keys of ragkit.toml."""

    corpus: str = "corpus"
    """Folder of documents, relative to the project."""
    indexes: str = "indexes"
    """Folder of indexes, relative to the project."""
    index: str = "default"
    """Name of the index to use."""
    cache_dir: str = ""
    """Where prepared models are kept; empty for the user's cache folder."""
    encoder: str = "all-MiniLM-L6-v2"
    """Name in the catalogue, folder of a sentence-transformers model, or "hashing"."""
    encoder_runtime: str = "auto"
    """"onnx" (quick), "sentence-transformers" (any model), or "auto": the first that can run it."""
    encoder_precision: str = "auto"
    """"fp32", "int8", or "auto": what the index was built with; the quicker for a new one."""
    device: str = "auto"
    """What runs the encoder: "cpu", "cuda", or "auto": a GPU for ingest where there is one."""
    reader: str = "auto"
    """What looks for the answer in the passages: "auto", the one that comes for the encoder; or
    "none"."""
    chunk_tokens: int = 200
    """Largest chunk, in tokens of the encoder."""
    reading_timeout_s: int = 120
    """Longest time to read one document; large ones get 5 s more for each megabyte."""
    reading_memory_mb: int = 2048
    """Most memory to read one document."""
    ocr: str = "auto"
    """"auto" reads pictures of pages where the extra `ocr` and tesseract are there; or "off"."""
    ocr_languages: str = "eng"
    """Names of tesseract's languages, such as "deu+eng"."""
    model: str = "smollm2-135m-instruct"
    """Name in the catalogue, path of a GGUF file, address of a server, or "scripted:RULE"."""
    lora: str = "auto"
    """Path of a LoRA adapter for the model, "none", or "auto": the one that comes for it."""
    lora_scale: float = 1.0
    """How strongly the adapter works; 1 as it was trained."""
    strategy: str = "zero-shot"
    """How the prompt is built; see `ragkit prompt list`."""
    examples: str = "fixed"
    """Worked examples of a strategy: "fixed", or "nearest" to the question."""
    top_n: int = 5
    """Passages to retrieve."""
    min_sufficiency: float = 0.5
    """Abstain when the evidence scores less, 0 to 1."""
    summaries: str = "auto"
    """Summaries of documents: "quoted", "worded" by the model, or "auto", worded by large ones."""
    strict: bool = False
    """Show no words of a model that said anything without backing."""
    max_new_tokens: int = 128
    temperature: float = 0.0
    top_k: int = 40
    top_p: float = 0.95
    seed: int = 0
    context_window: int = 4096
    """Tokens of prompt and completion; less where the model was trained on less."""
    threads: int = 0
    """CPU threads; 0 for one per physical core."""
    gpu_layers: int = -1
    """Layers of the model to keep on a GPU; -1 for as many as fit its free memory."""
    server_timeout_s: int = 120
    """The longest silence of a model server before it is given up."""
    offline: bool = False
    """Make any use of the network an error."""

    @property
    def cache_path(self) -> Path:
        """The folder of prepared models."""
        return Path(self.cache_dir or platformdirs.user_cache_dir("ragkit")).expanduser()

    @property
    def sampling_values(self) -> dict[str, Any]:
        """The settings that say how tokens are chosen, by name."""
        names = ("max_new_tokens", "temperature", "top_k", "top_p", "seed")
        return {name: getattr(self, name) for name in names}


_KINDS: dict[str, type] = {field.name: type(field.default) for field in fields(Settings)}
_RANGES: dict[str, tuple[float, float]] = {
    "chunk_tokens": (16, 8192),
    "reading_timeout_s": (1, 1_000_000),
    "reading_memory_mb": (64, 10_000_000),
    "top_n": (1, 1000),
    "min_sufficiency": (0.0, 1.0),
    "max_new_tokens": (1, 1_000_000),
    "temperature": (0.0, 10.0),
    "top_k": (0, 1_000_000),
    "top_p": (0.0, 1.0),
    "seed": (0, 2**31 - 1),
    "context_window": (128, 10_000_000),
    "threads": (0, 4096),
    "gpu_layers": (-1, 100_000),
    "lora_scale": (-100.0, 100.0),
    "server_timeout_s": (1, 1_000_000),
}


def load_settings(
    project: Path,
    *,
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    given_in: str = "the command line",
) -> Settings:
    """Return the settings of a project folder.

    Args:
        project: The folder that may hold ragkit.toml.
        flags: Values given by field name; None means not given.
        environment: Defaults to the environment of this process.
        given_in: Where the flags stood, for errors.

    Raises:
        UsageError: An unknown key, a value of the wrong type or out of range, or broken TOML.
    """
    given = _from_file(project / SETTINGS_FILE)
    given |= _from_environment(os.environ if environment is None else environment)
    return change_settings(replace(Settings(), **given), flags or {}, given_in=given_in)


def change_settings(settings: Settings, given: Mapping[str, Any], *, given_in: str) -> Settings:
    """Return settings with some of them changed; None leaves one as it is.

    Args:
        settings: What holds so far.
        given: Values by field name.
        given_in: Where they stood, for errors.

    Raises:
        UsageError: An unknown key, or a value of the wrong type or out of range.
    """
    changes = {
        name: _checked(name, value, where=given_in)
        for name, value in given.items()
        if value is not None
    }
    return replace(settings, **changes)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}", hint=f"mend {path}") from error
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    return {name: _checked(name, value, where=str(path)) for name, value in table.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    given = {}
    for variable, text in environment.items():
        name = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
        if variable.startswith(ENVIRONMENT_PREFIX) and name in _KINDS:
            given[name] = _checked(name, _parse(text, _KINDS[name]), where=variable)
    return given


def _parse(text: str, kind: type) -> Any:
    if kind is bool and text.lower() in ("1", "true", "yes", "on", "0", "false", "no", "off", ""):
        return text.lower() in ("1", "true", "yes", "on")
    try:
        return kind(text) if kind in (int, float) else text
    except ValueError:
        return text


def _checked(name: str, value: Any, *, where: str) -> Any:
    if name not in _KINDS:
        raise unknown_name(f"setting in {where}", name, _KINDS)
    kind = _KINDS[name]
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise UsageError(f"{name} must be {kind.__name__}, not {value!r} (in {where})")
    low, high = _RANGES.get(name, (float("-inf"), float("inf")))
    if isinstance(value, int | float) and not low <= value <= high:
        raise UsageError(f"{name} must be between {low} and {high}, not {value} (in {where})")
    return value
