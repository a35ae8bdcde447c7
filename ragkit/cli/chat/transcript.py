"""A conversation as a Markdown file, each answer with the places that it rests on."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ragkit.chat import Turn
from ragkit.cli.render.place import place_text
from ragkit.cli.render.text import one_line
from ragkit.errors import UsageError
from ragkit.files import translate_disk_errors, write_text_atomically
from ragkit.records import Answer

_SPECIAL = re.compile(r"([\\`*_<>\[\]#|])")


def save_transcript(turns: Sequence[Turn], path: Path, *, replace: bool) -> None:
    """Write a conversation into a file.

    Args:
        turns: Oldest first.
        path: The file.
        replace: Whether a file that is there may be overwritten.

    Raises:
        UsageError: There is one, and it may not; or there is no such folder.
        StorageError: It cannot be written.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder", hint=f"/save {path / 'chat.md'}")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}", hint=f"/save {path.name}")
    if path.exists() and not replace:
        raise UsageError(f"{path} exists", hint=f"another name, or: /save! {path}")
    with translate_disk_errors(path):
        write_text_atomically(path, transcript_of(turns))


def transcript_of(turns: Sequence[Turn]) -> str:
    """Return a conversation as Markdown; what documents say in it is text and no markup."""
    return "\n".join(line for turn in turns for line in _lines_of(turn))


def _lines_of(turn: Turn) -> Iterator[str]:
    answer = turn.answer
    yield f"## {_escaped(turn.asked)}\n"
    if turn.question != turn.asked:
        yield f"*asked: {_escaped(turn.question)}*\n"
    if answer.abstained:
        yield f"**Your documents do not say.** {_escaped(answer.reason)}\n"
    elif answer.mode == "quoted":
        yield f"{_escaped(answer.notice or 'In the words of the documents:')}\n"
        yield from (f"> {_sentence(text, cited)}\n>" for text, cited in _said(answer))
        yield ""
    else:
        yield " ".join(_sentence(text, cited) for text, cited in _said(answer)) + "\n"
    if answer.sources:
        yield "Closest passages:\n" if answer.abstained else "Sources:\n"
        for source in answer.sources:
            yield f"- \\[{source.id}\\] {_escaped(place_text(source.hit.chunk))}"
        yield ""


def _said(answer: Answer) -> Iterator[tuple[str, tuple[int, ...]]]:
    for sentence in answer.sentences:
        text = f"{sentence.label}: {sentence.text}" if sentence.label else sentence.text
        yield text, sentence.citations


def _sentence(text: str, cited: Sequence[int]) -> str:
    return " ".join([_escaped(text), *(f"\\[{number}\\]" for number in cited)])


def _escaped(text: str) -> str:
    r"""Return a text on one line in which Markdown sees no markup.

    >>> print(_escaped("a *b*\n# c"))
    a \*b\* \# c
    """
    return _SPECIAL.sub(r"\\\1", one_line(text))
