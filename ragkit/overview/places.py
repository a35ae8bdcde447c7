"""Where a document stands in a course: its lecture, week, assignment or chapter, and its order."""

import re
from pathlib import PurePosixPath

from ragkit.records import StoredDocument

COURSE_NOUNS = {
    "lecture": "lecture|lec|class|session|lesson|vorlesung",
    "week": "week|wk|woche",
    "assignment": "assignment|homework|hw|problem set|pset",
    "exercise": "exercise|exercise sheet|worksheet",
    "lab": "lab|lab sheet|practical",
    "tutorial": "tutorial",
    "exam": "exam|midterm",
    "quiz": "quiz",
    "chapter": "chapter|unit|module|part",
}
"""What may be numbered, with the words for it."""


def course_order(document: StoredDocument) -> tuple[int, int, str, str]:
    """Return what to sort documents by: lecture, week, date, path.

    What has no number comes last.
    """
    week, lecture = (_whole(document.metadata.get(fact, "")) for fact in ("week", "lecture"))
    return (
        week or lecture or 10**6,
        lecture or 0,
        document.metadata.get("date", ""),
        document.path,
    )


def is_of(document: StoredDocument, noun: str) -> bool:
    """Say whether a document is one of a course noun, such as a lecture, a lab, slides."""
    kind = document.metadata.get("kind", "")
    if noun == "lecture":
        return kind in ("lecture", "slides", "transcript") or (
            "lecture" in document.metadata and kind in ("", "notes")
        )
    if noun == "week":
        return "week" in document.metadata
    if noun == "slides":
        return kind == "slides" or document.format in ("pptx", "odp")
    if noun == "notebook":
        return document.format == "ipynb"
    if noun == "chapter":
        return number_of(document, noun) is not None
    return noun in ("document", kind)


def number_of(document: StoredDocument, noun: str) -> int | None:
    """Return which lecture, week or assignment a document is; None where nothing says so."""
    if noun in ("week", "lecture"):
        return _whole(document.metadata.get(noun, ""))
    words = COURSE_NOUNS.get(noun, noun)
    pattern = rf"(?i)(?<![^\W_])(?:{words})s?[ _.#-]{{0,3}}(\d{{1,2}})(?!\d)"
    path = PurePosixPath(document.path)
    folders = reversed(path.parts[:-1]) if noun == "chapter" else ()
    for text in (document.title, path.stem, *folders):
        if match := re.search(pattern, text):
            return int(match[1])
    return None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
