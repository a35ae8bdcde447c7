"""Questions whose answers are known places of documents, in one form whatever they come from."""

import gzip
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ragkit.documents import read_document
from ragkit.documents.build import build_document
from ragkit.documents.draft import Draft, RawBlock
from ragkit.evaluation.records import GoldPlace
from ragkit.records import Document

_WORD = re.compile(r"\w+")


class Question(NamedTuple):
    """A question, and the places any one of which answers it; none for an unanswerable one."""

    id: str
    text: str
    gold: tuple[GoldPlace, ...]


class QuestionSet(NamedTuple):
    """Questions over some documents."""

    name: str
    documents: tuple[Document, ...]
    questions: tuple[Question, ...]


def load_suite(folder: Path, corpus: Path, *, extra: Sequence[str] = ()) -> QuestionSet:
    """Return the suite in a folder over the documents of a corpus.

    Args:
        folder: Holds samples.jsonl; gold has a quote, or the hash of one (see `find_hashed`).
        corpus: Where its documents lie.
        extra: Names of further documents to search among; all readable ones if it is empty.
    """
    lines = (folder / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    items = [json.loads(line) for line in lines]
    named = {gold["document"] for item in items for gold in item["gold"]} | set(extra)
    names = sorted(named) if extra else sorted(_all_names(corpus))
    documents = {name: read_document(corpus / name, name=name) for name in names}
    questions = tuple(
        Question(
            item["id"],
            item["question"],
            tuple(gold_of(gold, documents[gold["document"]]) for gold in item["gold"]),
        )
        for item in items
    )
    return QuestionSet(folder.name, tuple(documents.values()), questions)


def _all_names(corpus: Path) -> Iterator[str]:
    from ragkit.documents import find_documents

    yield from (file.name for file in find_documents(corpus).files)


def gold_of(gold: dict[str, Any], document: Document) -> GoldPlace:
    """Return a place of gold, told by its span or by the hash of its quote (see `find_hashed`)."""
    if "quote" in gold:
        start, end = gold["start"], gold["end"]
    else:
        start, end = find_hashed(document.text, gold)
    return place_in(document, start, end)


def place_in(document: Document, start: int, end: int) -> GoldPlace:
    """Return a place of a document with the words that stand there."""
    return GoldPlace(document.path, start, end, document.text[start:end])


def hash_quote(quote: str) -> str:
    r"""Return the name of a quote, whatever its white space and punctuation.

    >>> hash_quote("two words") == hash_quote("two\n words")
    True
    """
    return hashlib.sha256(" ".join(_WORD.findall(quote)).encode()).hexdigest()


def count_words(quote: str) -> int:
    """Return how many words `hash_quote` names.

    >>> count_words("k1 = 1.5")
    3
    """
    return len(_WORD.findall(quote))


def find_hashed(text: str, gold: dict[str, Any]) -> tuple[int, int]:
    """Return where a quote stands of which only the hash, the place and the words are known.

    Args:
        text: Of the document, as it is read now.
        gold: With "start", "words" (how many) and "sha256"; of several places the nearest is taken.

    Raises:
        LookupError: It stands nowhere.
    """
    words = [match.span() for match in _WORD.finditer(text)]
    count = gold["words"]
    spans = [
        (words[first][0], words[first + count - 1][1]) for first in range(len(words) - count + 1)
    ]
    spans.sort(key=lambda span: abs(span[0] - gold["start"]))
    for start, end in spans:
        if hash_quote(text[start:end]) == gold["sha256"]:
            return start, end
    raise LookupError(f"{gold['document']}: the quote near {gold['start']} is not there any more")


def load_squad(
    path: Path, *, documents: int, questions: int, by: str = "title", seed: int = 0
) -> QuestionSet:
    """Return a sample of a gzip JSONL file of questions in SQuAD form, paragraphs joined.

    Gold is each place of an accepted answer within the paragraph that the question was put to.

    Args:
        path: Each line holds question, context, title, answers and answerable.
        documents: How many to draw.
        questions: How many answerable ones about those to draw.
        by: "title", or "context" where each context is a document of its own.
        seed: Of the draw.
    """
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    numbers = random.Random(seed)
    names = {row[by]: _name_of(row, by) for row in rows}
    drawn = numbers.sample(sorted(names), min(documents, len(names)))
    kept = [row for row in rows if row[by] in drawn]
    contexts: dict[str, dict[str, None]] = defaultdict(dict)
    for row in kept:
        contexts[names[row[by]]].setdefault(row["context"])
    made = {
        name: _article(name, list(texts), titled=by == "title") for name, texts in contexts.items()
    }
    items = [
        Question(row["id"], _asked(row, path), gold)
        for row in kept
        if row["answerable"] and (gold := _answer_places(row, made[names[row[by]]]))
    ]
    chosen = numbers.sample(items, min(questions, len(items)))
    return QuestionSet(path.name.split(".")[0], tuple(made.values()), tuple(chosen))


def _name_of(row: dict[str, Any], by: str) -> str:
    return row["title"] if by == "title" else row["context"].split("\n", 1)[0][:100]


def _asked(row: dict[str, Any], path: Path) -> str:
    # PolicyQA asks each site the same questions.
    return f"{row['title']}: {row['question']}" if "policyqa" in path.name else row["question"]


def _article(name: str, texts: list[str], *, titled: bool) -> Document:
    parts = [part for text in texts for part in text.split("\n\n") if part.strip()]
    title = name.replace("_", " ")
    heading = [RawBlock("heading", title, 1)] if titled else []
    blocks = (*heading, *(RawBlock("paragraph", part) for part in parts))
    sha256 = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    return build_document(Draft(blocks, title=title), name=name, kind="plain", sha256=sha256)


def _answer_places(row: dict[str, Any], document: Document) -> tuple[GoldPlace, ...]:
    first = row["context"].split()[:6]
    last = row["context"].split()[-6:]
    began, ended = _find_words(document.text, first), _find_words(document.text, last)
    start = began[0][0] if began else 0
    end = next((stop for _, stop in ended if stop > start), len(document.text))
    return tuple(
        place_in(document, start + first, start + stop)
        for answer in row["answers"]
        for first, stop in _find_words(document.text[start:end], answer.split())
    )


def _find_words(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    pattern = r"\s+".join(map(re.escape, words))
    return [match.span() for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text)]
