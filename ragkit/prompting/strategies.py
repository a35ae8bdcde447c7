"""Strategies as data files: finding, reading and checking them.

A new strategy is a new file in templates/, or in the prompts/ folder of a project.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ragkit.errors import PromptError, unknown_name
from ragkit.prompting.files import PromptFile, check_keys, read_prompt_file
from ragkit.prompting.rendering import (
    PromptSource,
    TemplateFailedError,
    render_system,
    render_user,
)
from ragkit.prompting.worked_examples import (
    DEFAULT_SET,
    WorkedExample,
    choose_fixed,
    find_example_sets,
    read_examples,
)

_ROOM = Path(__file__).parent / "templates"
_KINDS: Mapping[str, type] = {
    "name": str,
    "version": int,
    "description": str,
    "system": str,
    "user": str,
    "examples": int,
    "example_set": str,
    "prefix": str,
    "answer_marker": str,
    "reasoning_tokens": int,
}
_OPTIONAL = ("examples", "example_set", "prefix", "answer_marker", "reasoning_tokens")
_PROBE = (
    PromptSource(1, "week01.pdf, p. 4", "Leaves are green."),
    PromptSource(2, "notes.md", "Roots take up water."),
)
_PROBE_QUESTION = "Why is the 42nd leaf red?"
_TEMPLATE_HINT = "it may use question, abstention and sources (each: number, place, text)"


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
    """Those that every prompt shows, unless others are chosen for a question."""
    pool: tuple[WorkedExample, ...] = ()
    """Those that could be chosen."""
    answer_marker: str = ""
    """What the model is told to write between reasoning and answer; empty for no reasoning."""
    reasoning_tokens: int = 0
    """Tokens that a completion may have for its reasoning, besides those for the answer."""


@dataclass(frozen=True, slots=True)
class StrategyFile:
    """A strategy's file, and what came of reading it: one of `strategy` and `error`."""

    name: str
    path: Path
    built_in: bool
    strategy: Strategy | None = None
    error: PromptError | None = None


def read_strategies(prompts_dir: Path | None = None) -> tuple[StrategyFile, ...]:
    """Return all strategies by name, broken ones too; a project's own stand in for built-in ones.

    Args:
        prompts_dir: The prompts/ folder of a project; it need not exist.
    """
    read = []
    for name, path in sorted(_find_files(prompts_dir).items()):
        built_in = path.parent == _ROOM
        try:
            strategy = _read_strategy(path, prompts_dir)
            read.append(StrategyFile(name, path, built_in, strategy=strategy))
        except PromptError as error:
            read.append(StrategyFile(name, path, built_in, error=error))
    return tuple(read)


def load_strategy(name: str, *, prompts_dir: Path | None = None) -> Strategy:
    """Return one strategy.

    Args:
        name: Name of the template file without its ending.
        prompts_dir: The prompts/ folder of a project, whose files come first.

    Raises:
        UsageError: There is no such strategy.
        PromptError: The template is wrong; the message names file and line.
    """
    found = _find_files(prompts_dir)
    if name not in found:
        raise unknown_name("strategy", name, found, hint="ragkit prompt list")
    return _read_strategy(found[name], prompts_dir)


def _find_files(prompts_dir: Path | None) -> dict[str, Path]:
    folders = [_ROOM, *([prompts_dir] if prompts_dir else [])]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}


def _read_strategy(path: Path, prompts_dir: Path | None) -> Strategy:
    file = read_prompt_file(path)
    check_keys(file, file.table, _KINDS, optional=_OPTIONAL)
    table = file.table
    if table["name"] != path.stem:
        raise file.error(
            f"name is {table['name']!r}, but the file is {path.name}",
            at=file.find_key("name"),
            hint=f"set it to {path.stem!r}, or rename the file",
        )
    _check_templates(file)
    _check_reasoning(file)
    pool = _read_pool(file, prompts_dir)
    return Strategy(
        name=table["name"],
        version=table["version"],
        description=" ".join(table["description"].split()),
        system=table["system"],
        user=table["user"],
        prefix=table.get("prefix", ""),
        examples=choose_fixed(pool, table.get("examples", 0)),
        pool=pool,
        answer_marker=table.get("answer_marker", ""),
        reasoning_tokens=table.get("reasoning_tokens", 0),
    )


def _check_templates(file: PromptFile) -> None:
    """Check that the templates can be filled, with and without sources, and leave nothing out."""
    user = file.table["user"]
    _try_template(file, "system", lambda: render_system(file.table["system"]))
    _try_template(file, "user", lambda: render_user(user, _PROBE_QUESTION, ()))
    shown = _try_template(file, "user", lambda: render_user(user, _PROBE_QUESTION, _PROBE))
    words = " ".join(shown.lower().split())
    for what, text in (
        ("the question", _PROBE_QUESTION),
        *(("the text of each source", source.text) for source in _PROBE),
    ):
        if text.lower() not in words:
            raise file.error(
                f"user does not show {what}", at=file.find_key("user"), hint=_TEMPLATE_HINT
            )


def _try_template(file: PromptFile, key: str, render: Callable[[], str]) -> str:
    try:
        return render()
    except TemplateFailedError as error:
        raise file.error(
            f"{key} is not a usable template: {error.__cause__}",
            at=file.find_template_line(key, error.line),
            hint=_TEMPLATE_HINT if key == "user" else "it may use abstention",
        ) from error


def _check_reasoning(file: PromptFile) -> None:
    """Check that the model is told of the marker that its answer is looked for by."""
    table = file.table
    marker = table.get("answer_marker", "").strip()
    told = " ".join(table.get(key, "") for key in ("system", "user", "prefix"))
    if marker and marker.lower() not in told.lower() and not table.get("examples", 0):
        raise file.error(
            f"answer_marker is {marker!r}, but the model is not told to write it",
            at=file.find_key("answer_marker"),
            hint=f"say in system or user that the answer begins with {marker!r}",
        )
    if table.get("reasoning_tokens", 0) < 0:
        raise file.error("reasoning_tokens is below 0", at=file.find_key("reasoning_tokens"))


def _read_pool(file: PromptFile, prompts_dir: Path | None) -> tuple[WorkedExample, ...]:
    """Return the worked examples that a strategy may show; none where it wants none."""
    count = file.table.get("examples", 0)
    if count == 0:
        return ()
    name = file.table.get("example_set", DEFAULT_SET)
    sets = find_example_sets(prompts_dir)
    if name not in sets:
        unknown = unknown_name("set of examples", name, sets)
        raise file.error(unknown.message, at=file.find_key("example_set"), hint=unknown.hint)
    pool = read_examples(sets[name], with_reasoning="answer_marker" in file.table)
    if not 0 < count <= len(pool):
        raise file.error(
            f"examples is {count}, but {sets[name]} holds {len(pool)}",
            at=file.find_key("examples"),
            hint=f"set it to a number from 0 to {len(pool)}",
        )
    return pool
