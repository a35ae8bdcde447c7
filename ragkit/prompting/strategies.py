"""Strategies and worked examples as data files: finding, reading and checking them.

A new strategy is a new file in templates/, or in the prompts/ folder of a project.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragkit.errors import PromptError, RagkitError, unknown_name
from ragkit.prompting.rendering import (
    ABSTENTION_PHRASE,
    PromptSource,
    render_system,
    render_user,
)

__all__ = ["ABSTENTION_PHRASE", "Strategy", "WorkedExample", "list_strategies", "load_strategy"]

_ROOM = Path(__file__).parent
_KINDS: Mapping[str, type] = {
    "name": str,
    "version": int,
    "description": str,
    "examples": int,
    "system": str,
    "user": str,
    "prefix": str,
    "answer_marker": str,
    "reasoning_tokens": int,
}
_OPTIONAL = {"prefix", "answer_marker", "reasoning_tokens"}
_PROBE = (PromptSource(1, "week01.pdf, p. 4", "Leaves are green."),)


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """A question with its sources and the answer that a model should give."""

    question: str
    sources: tuple[PromptSource, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Strategy:
    """How a prompt is built."""

    name: str
    version: int
    description: str
    system: str
    """Jinja template of the system message."""
    user: str
    """Jinja template of the user message, for worked examples and for the question."""
    prefix: str = ""
    """How the completion begins; most strategies leave that to the model."""
    examples: tuple[WorkedExample, ...] = ()
    answer_marker: str = ""
    """What the model is told to write between reasoning and answer; empty for no reasoning."""
    reasoning_tokens: int = 0
    """Tokens that a completion may have for its reasoning, besides those for the answer."""


def list_strategies(prompts_dir: Path | None = None) -> tuple[Strategy, ...]:
    """Return all strategies by name; those of a project stand in for built-in ones.

    Raises:
        PromptError: A template is wrong; the message names file and key.
    """
    found = _find_files(prompts_dir)
    return tuple(_read_strategy(found[name], name, prompts_dir) for name in sorted(found))


def load_strategy(name: str, *, prompts_dir: Path | None = None) -> Strategy:
    """Return one strategy.

    Args:
        name: Name of the template file without its ending.
        prompts_dir: The prompts/ folder of a project, whose files come first.

    Raises:
        UsageError: There is no such strategy.
        PromptError: The template is wrong; the message names file and key.
    """
    found = _find_files(prompts_dir)
    if name not in found:
        raise unknown_name("strategy", name, found, hint="ragkit prompt list")
    return _read_strategy(found[name], name, prompts_dir)


def _find_files(prompts_dir: Path | None) -> dict[str, Path]:
    folders = [_ROOM / "templates", *([prompts_dir] if prompts_dir else [])]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}


def _read_strategy(path: Path, name: str, prompts_dir: Path | None) -> Strategy:
    table = _read_toml(path)
    _check_keys(table, _KINDS, _OPTIONAL, where=str(path))
    if table["name"] != name:
        raise PromptError(f"{path}: name is {table['name']!r}", hint=f"set it to {name!r}")
    _check_templates(table, path)
    return Strategy(
        name=name,
        version=table["version"],
        description=table["description"].strip(),
        system=table["system"],
        user=table["user"],
        prefix=table.get("prefix", ""),
        answer_marker=table.get("answer_marker", ""),
        reasoning_tokens=table.get("reasoning_tokens", 0),
        examples=_read_examples(table["examples"], path, prompts_dir),
    )


def _check_templates(table: Mapping[str, Any], path: Path) -> None:
    from jinja2 import TemplateError

    key = "system"
    try:
        render_system(table["system"])
        key = "user"
        render_user(table["user"], "Why?", _PROBE)
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise PromptError(
            f"{path}: {key} is not a usable template: {error}",
            hint="it may use question, abstention and sources (number, place, text)",
        ) from error


def _read_examples(count: int, path: Path, prompts_dir: Path | None) -> tuple[WorkedExample, ...]:
    if count == 0:
        return ()
    own = prompts_dir / "examples" / "default.toml" if prompts_dir else None
    source = own if own and own.is_file() else _ROOM / "examples" / "default.toml"
    table = _read_toml(source)
    _check_keys(table, {"version": int, "example": list}, set(), where=str(source))
    rows = table["example"]
    if not 0 < count <= len(rows):
        raise PromptError(f"{path}: examples is {count}, but {source} holds {len(rows)}")
    return tuple(
        _read_example(row, where=f"{source}: example {number}")
        for number, row in enumerate(rows[:count], start=1)
    )


def _read_example(row: Any, *, where: str) -> WorkedExample:
    _check_keys(row, {"question": str, "answer": str, "sources": list}, set(), where=where)
    for source in row["sources"]:
        _check_keys(source, {"place": str, "text": str}, set(), where=f"{where}: sources")
    sources = tuple(
        PromptSource(number, source["place"], source["text"].strip())
        for number, source in enumerate(row["sources"], start=1)
    )
    return WorkedExample(row["question"].strip(), sources, row["answer"].strip())


def _check_keys(
    table: Any, kinds: Mapping[str, type], optional: Sequence[str] | set[str], *, where: str
) -> None:
    if not isinstance(table, dict):
        raise PromptError(f"{where}: not a table")
    for key in table:
        if key not in kinds:
            raise _in_file(where, unknown_name("key", key, kinds))
    for key, kind in kinds.items():
        if key not in table and key not in optional:
            raise PromptError(f"{where}: {key} is missing")
        if key in table and type(table[key]) is not kind:
            raise PromptError(f"{where}: {key} must be {kind.__name__}, not {table[key]!r}")


def _in_file(where: str, error: RagkitError) -> PromptError:
    return PromptError(f"{where}: {error.message}", hint=error.hint)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PromptError(f"{path} is not valid TOML: {error}", hint=f"mend {path}") from error
    except OSError as error:
        raise PromptError(f"cannot read {path}: {error.strerror}") from error
