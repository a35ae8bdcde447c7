"""What a published set becomes: samples, and the documents that they are asked over."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ragkit.chunking import split_sentences
from ragkit.evaluation.records import GoldPlace, Sample

SMOKE_SAMPLES = 24
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to be written: a title and one paragraph or more below it."""

    name: str
    """Posix path below the corpus folder."""
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Answerable:
    """Where a text of the set answers a sample, before its place in a document is known."""

    document: str
    answers: tuple[str, ...]
    part: int = 0


@dataclass(frozen=True, slots=True)
class Conversion:
    """A published set as samples over documents.

    The gold of a sample is named by its text here; `write_suite` finds where it stands in what
    ragkit reads of the documents.
    """

    title: str
    description: str
    measures: tuple[str, ...]
    samples: tuple[Sample, ...]
    gold: Mapping[str, tuple[Answerable, ...]]
    """By the id of a sample; those without any have no entry."""
    papers: tuple[Paper, ...]
    left_out: tuple[str, ...] = ()
    """What of the set could not be used, and why; a line each."""


def file_name(text: str) -> str:
    """Return a text as the name of a file or folder.

    >>> file_name("AC/DC: Back in Black")
    'ac-dc-back-in-black'
    """
    plain = re.sub(r"[^\w]+", "-", text.lower()).strip("-_")
    return plain[:60].strip("-") or "untitled"


def draw(rows: Sequence[Item], keys: Sequence[str], *, limit: int | None, seed: int) -> list[Item]:
    """Return at most `limit` rows, drawn by the hashes of their keys: file order does not matter.

    >>> draw(["a", "b", "c"], ["1", "2", "3"], limit=2, seed=0)
    ['c', 'b']

    Args:
        rows: What to draw from.
        keys: What names each row.
        limit: How many; None for all.
        seed: Another one draws others.
    """
    order = sorted(range(len(rows)), key=lambda at: _hash(f"{seed}:{keys[at]}"))
    return [rows[at] for at in order[:limit]]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def find_gold(text: str, wanted: Answerable) -> GoldPlace | None:
    """Return the sentence of a document's text that holds an answer; None where none does.

    Args:
        text: Of the document, as ragkit reads it.
        wanted: The answers, the longest of which is looked for first.
    """
    sentences = split_sentences(text)
    for answer in sorted(wanted.answers, key=len, reverse=True):
        pattern = r"\s+".join(re.escape(word) for word in answer.split())
        found = re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE) if pattern else None
        if found is None:
            continue
        start, end = found.span()
        for sentence in sentences:
            if sentence.start <= found.start() < sentence.end:
                start, end = sentence.start, max(sentence.end, end)
        return GoldPlace(wanted.document, start, end, text[start:end], part=wanted.part)
    return None


def join_answers(*answers: Iterable[str]) -> tuple[str, ...]:
    """Return the answers that say something, each once, in their order.

    >>> join_answers(["France", " "], ["France", "Gaul"])
    ('France', 'Gaul')
    """
    texts = (" ".join(text.split()) for several in answers for text in several)
    return tuple(dict.fromkeys(text for text in texts if text))
