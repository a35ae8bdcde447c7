"""Retrieval collections in BEIR form, as they are published: entries, queries, and judgements.

A folder holds corpus.jsonl and queries.jsonl (plain or .gz) and qrels.tsv (or qrels/test.tsv). Each
entry of the corpus is a document; nothing is written beside them.

Source: Thakur et al. 2021, "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information
Retrieval Models", for the form.
"""

import csv
import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ragkit.documents.build import build_document
from ragkit.documents.draft import Draft, RawBlock
from ragkit.errors import UsageError
from ragkit.evaluation.records import GoldPlace, Sample, Suite
from ragkit.evaluation.suites.folders import hash_samples
from ragkit.files import disk_error
from ragkit.records import Document

_CORPUS, _QUERIES = "corpus.jsonl", "queries.jsonl"
_JUDGEMENTS = ("qrels.tsv", "qrels/test.tsv", "qrels/dev.tsv", "qrels/train.tsv")
_COLUMNS = ("query-id", "corpus-id", "score")
_SMOKE, _DEFAULT = 24, 200
"""Queries of a run of these sizes, spread evenly over the file; all of them in a full one."""


class Collection(NamedTuple):
    """Documents, the queries put to them, and which documents are relevant to which query."""

    name: str
    documents: tuple[Document, ...]
    queries: dict[str, str]
    relevant: dict[str, dict[str, int]]
    """Query id -> document id -> grade, above 0 only; queries without any are left out."""


def is_collection(folder: Path) -> bool:
    """Say whether a folder holds a collection in BEIR form."""
    return (
        _find(folder, _CORPUS) is not None
        and _find(folder, _QUERIES) is not None
        and _find_judgements(folder) is not None
    )


def load_collection(folder: Path, *, every: int = 1) -> Collection:
    """Return the collection in a folder.

    Args:
        folder: Where it lies.
        every: Keep each such query, counted in the file's order from the first.

    Raises:
        UsageError: A line is wrong; the message says which.
        StorageError: A file cannot be read.
    """
    queries, relevant = _load_questions(folder)
    chosen = dict(list(queries.items())[::every])
    kept = {id_: text for id_, text in chosen.items() if id_ in relevant}
    judged = {id_: relevant[id_] for id_ in kept}
    return Collection(folder.name, load_documents(folder), kept, judged)


def load_documents(folder: Path) -> tuple[Document, ...]:
    """Return the entries of a collection as documents, in the order of the file.

    Raises:
        UsageError: A line is wrong; the message says which.
        StorageError: The file cannot be read.
    """
    return tuple(document_of(row) for row in _rows(folder, _CORPUS, needs=("_id", "text")))


def collection_suite(folder: Path) -> Suite:
    """Return a collection as a suite for the measure "retrieval".

    Its samples name whole documents as their gold, each a part of its own with its grade.

    Raises:
        UsageError: A line is wrong, or no query has a relevant document.
        StorageError: A file cannot be read.
    """
    queries, relevant = _load_questions(folder)
    asked = [(id_, text) for id_, text in queries.items() if id_ in relevant]
    if not asked:
        raise UsageError(f"no query in {folder} has a relevant document in {_JUDGEMENTS[0]}")
    samples = tuple(
        Sample(
            id=id_,
            base_id=id_,
            kind="answerable",
            question=text,
            gold=tuple(
                GoldPlace(document, 0, 0, "", part=part, grade=grade)
                for part, (document, grade) in enumerate(relevant[id_].items())
            ),
            size=_size_of(place, len(asked)),
        )
        for place, (id_, text) in enumerate(asked)
    )
    return Suite(
        name=folder.resolve().name,
        title=f"{folder.resolve().name}, a retrieval collection",
        description=f"{len(asked)} queries with judged documents.",
        version=1,
        folder=folder,
        measures=("retrieval",),
        samples=samples,
        corpus=folder.resolve(),
        sha256=hash_samples(samples, 1),
    )


def document_of(row: Mapping[str, Any]) -> Document:
    """Return an entry as the Markdown reader would: its title is a heading above its paragraphs."""
    title, text = str(row.get("title") or "").strip(), str(row["text"])
    blocks = [RawBlock("heading", title, 1)] if title else []
    blocks += [RawBlock("paragraph", part) for part in text.split("\n\n") if part.strip()]
    sha256 = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
    draft = Draft(tuple(blocks), title=title)
    document = build_document(draft, name=str(row["_id"]), kind="plain", sha256=sha256)
    return document if title else replace(document, title="")


def _load_questions(folder: Path) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    rows = _rows(folder, _QUERIES, needs=("_id", "text"))
    return {str(row["_id"]): str(row["text"]) for row in rows}, _judgements(folder)


def _size_of(place: int, count: int) -> str:
    """Return the smallest size of a run that asks the query at a place among so many.

    >>> [_size_of(place, 4) for place in range(4)]
    ['smoke', 'smoke', 'smoke', 'smoke']
    >>> [_size_of(place, 1000) for place in (0, 5, 7)]
    ['smoke', 'default', 'full']
    """
    for name, wanted in (("smoke", _SMOKE), ("default", _DEFAULT)):
        step = max(1, count // wanted)
        if place % step == 0 and place // step < wanted:
            return name
    return "full"


def _find(folder: Path, name: str) -> Path | None:
    paths = (folder / name, folder / f"{name}.gz")
    return next((path for path in paths if path.is_file()), None)


def _find_judgements(folder: Path) -> Path | None:
    paths = (folder / name for name in _JUDGEMENTS)
    return next((path for path in paths if path.is_file()), None)


def _rows(folder: Path, name: str, *, needs: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    path = _find(folder, name)
    if path is None:
        raise UsageError(f"{folder} holds no {name}")
    for number, line in enumerate(_text_of(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise UsageError(f"{path}:{number}: no JSON: {error.msg}") from error
        lacking = [key for key in needs if not isinstance(row, dict) or key not in row]
        if lacking:
            raise UsageError(f"{path}:{number}: there is no {' and no '.join(lacking)}")
        yield row


def _judgements(folder: Path) -> dict[str, dict[str, int]]:
    path = _find_judgements(folder)
    if path is None:
        raise UsageError(f"{folder} holds no {_JUDGEMENTS[0]}")
    reader = csv.DictReader(_text_of(path).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    if not set(_COLUMNS) <= set(reader.fieldnames or ()):
        raise UsageError(f"{path}:1: the columns must be {', '.join(_COLUMNS)}, tab-separated")
    relevant: dict[str, dict[str, int]] = {}
    for row in reader:
        query, document, score = (row[name] for name in _COLUMNS)
        try:
            grade = int(float(score or ""))
        except ValueError as error:
            raise UsageError(
                f"{path}:{reader.line_num}: the score {score!r} is no number"
            ) from error
        if grade > 0:
            relevant.setdefault(query, {})[document] = grade
    return relevant


def _text_of(path: Path) -> str:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    except gzip.BadGzipFile as error:
        raise UsageError(f"{path} is no gzip file") from error
    except EOFError as error:
        raise UsageError(f"{path} ends too early: it was not copied whole") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8") from error
    except OSError as error:
        raise disk_error(path, error) from error
