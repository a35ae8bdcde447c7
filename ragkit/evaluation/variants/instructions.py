"""The instruction in other words: "instruction".

Each wording stands in place of the system text of a strategy and asks for the same: the words of
the sources, citations like [1], no obedience to sources, and the sentence that abstains.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ragkit.evaluation.records import Case, Change, Variant
from ragkit.evaluation.variants.passages import hold
from ragkit.prompting import ABSTENTION_PHRASE
from ragkit.prompting.files import PromptFile, check_keys, read_prompt_file
from ragkit.prompting.rendering import TemplateFailedError, render_system

BUILT_IN = Path(__file__).parent / "instructions.toml"
_FILE_KINDS = {"version": int, "instruction": list}
_KINDS = {"id": str, "system": str}
_REASONING = (
    "Before the answer, say in one or two sentences which sources speak about the question; then"
    ' write "{marker}" and the answer.'
)


class Instruction(NamedTuple):
    """A wording."""

    id: str
    system: str
    """Jinja template of the system message."""


def read_instructions(path: Path = BUILT_IN) -> tuple[Instruction, ...]:
    """Return the wordings of a file of `[[instruction]]` tables.

    Raises:
        PromptError: The file is wrong, or a wording does not say how to abstain; the message names
            file and line.
    """
    file = read_prompt_file(path)
    check_keys(file, file.table, _FILE_KINDS)
    rows = [_read_row(file, row, number) for number, row in enumerate(file.table["instruction"])]
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row.id in seen:
            head = file.find_table("instruction", number)
            raise file.error(f"there are two instructions {row.id!r}", at=head)
        seen.add(row.id)
    return tuple(rows)


def own_instructions(folder: Path) -> tuple[str, ...]:
    """Return the wordings that a suite brings in its instructions.toml; none where it has none.

    Raises:
        PromptError: As of `read_instructions`.
    """
    path = folder / BUILT_IN.name
    return tuple(one.system for one in read_instructions(path)) if path.is_file() else ()


def _read_row(file: PromptFile, row: object, number: int) -> Instruction:
    head = file.find_table("instruction", number)
    check_keys(file, row, _KINDS, at=head)
    assert isinstance(row, dict)  # noqa: S101 - check_keys has told
    place = file.find_key("system", after=head)
    try:
        shown = render_system(row["system"])
    except TemplateFailedError as error:
        raise file.error(f"system is not a usable template: {error.__cause__}", at=place) from error
    if ABSTENTION_PHRASE not in shown or "[1]" not in shown:
        raise file.error(
            "system must say how to abstain, with {{ abstention }}, and how to cite, like [1]",
            at=place,
            hint="every wording asks for the same: only its words may differ",
        )
    return Instruction(row["id"], row["system"].strip())


def instruction_variants(wordings: Sequence[str] = ()) -> tuple[Variant, ...]:
    """Return a variant for each wording.

    Args:
        wordings: Those of a suite; empty for the built-in ones.
    """
    own = tuple(Instruction(str(at), text) for at, text in enumerate(wordings, start=1))
    return tuple(
        Variant(f"instruction/{one.id}", "instruction", f"wording “{one.id}”", _tell(one.system))
        for one in own or read_instructions()
    )


def _tell(system: str) -> Change:
    def change(case: Case) -> Case:
        marker = case.strategy.answer_marker
        told = f"{system}\n{_REASONING.format(marker=marker)}" if marker else system
        return replace(hold(case), strategy=replace(case.strategy, system=told))

    return change
