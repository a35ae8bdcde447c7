"""The text of a chunk as an encoder reads it: where it stands, then what it says."""

from ragkit.records import Chunk

_PREFIX_CHARACTERS = 160
"""About 40 tokens: enough for a title and two headings, a fifth of the default chunk."""


def passage_text(chunk: Chunk) -> str:
    r"""Return the exact text that is embedded: title and headings on one line, then the text.

    Headings that the text itself begins with are not said twice.

    >>> passage_text(Chunk("", "a.md", "It ends.", 0, 8, title="Rules", heading=("Rules", "Exam")))
    'Rules > Exam\nIt ends.'
    """
    prefix = passage_prefix(chunk.title, chunk.heading, text=chunk.text)
    return f"{prefix}\n{chunk.text}" if prefix else chunk.text


def passage_prefix(title: str, heading: tuple[str, ...], *, text: str = "") -> str:
    """Return the line that says where a text stands, short, and without what the text begins with.

    The innermost heading is kept longest, then the title.

    >>> passage_prefix("Week 3", ("Retrieval", "Chunking"), text="Chunking")
    'Week 3 > Retrieval'
    >>> passage_prefix("Week 3", ("A" * 100, "B" * 160, "C"))
    'Week 3 > C'
    """
    parts: list[str] = []
    for part in (title, *heading):
        if part and part.casefold() not in (other.casefold() for other in parts):
            parts.append(part)
    while len(parts) > 1 and len(" > ".join(parts)) > _PREFIX_CHARACTERS:
        parts.pop(1 if len(parts) > 2 else 0)
    said = {part.casefold() for part in _headings_said(heading, text)}
    parts = [part for part in parts if part.casefold() not in said]
    if parts and _begins_with(text, parts[-1]):
        parts.pop()
    prefix = " > ".join(parts)
    if len(prefix) > _PREFIX_CHARACTERS:
        prefix = prefix[:_PREFIX_CHARACTERS].rsplit(" ", 1)[0]
    return prefix


def _headings_said(heading: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return the innermost headings that the text itself begins with."""
    for place in range(len(heading)):
        if _begins_with(text, "\n\n".join(heading[place:])):
            return heading[place:]
    return ()


def _begins_with(text: str, start: str) -> bool:
    return text == start or text.startswith(f"{start}\n")
