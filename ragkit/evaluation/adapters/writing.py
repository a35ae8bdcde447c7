"""A published set as a folder that is a suite like any other: documents, samples, suite.toml.

Gold is looked for in what ragkit reads of the documents, so that its places are right.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ragkit.documents import read_document
from ragkit.errors import UsageError
from ragkit.evaluation.adapters.records import (
    SMOKE_SAMPLES,
    Answerable,
    Conversion,
    Paper,
    find_gold,
)
from ragkit.evaluation.records import GoldPlace, Sample
from ragkit.evaluation.suites import save_samples
from ragkit.files import translate_disk_errors, write_text_atomically

CORPUS = "corpus"
NO_PAPERS = (Paper("about.txt", "", "These questions are asked without any document."),)
"""Stands for the documents of a set that has none, so that it can be asked without a project."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has written."""

    folder: Path
    samples: int
    documents: int
    without_gold: int
    """Samples whose answer stands nowhere in their documents as it is put."""
    left_out: tuple[str, ...]
    """What of the set could not be used, and why."""


def write_suite(conversion: Conversion, folder: Path, *, form: str) -> Imported:
    """Write a suite and return what is in it.

    Args:
        conversion: What a set was made into.
        folder: New, or empty.
        form: The name of the set's form, for its README.

    Raises:
        UsageError: The folder holds something, or the set has nothing that can be asked.
        StorageError: The disk is full or the folder cannot be written.
    """
    if not conversion.samples:
        raise UsageError(
            "; ".join(["the files hold no question with an answer", *conversion.left_out]),
            hint="give other files",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already", hint="give the name of a new folder")
    with translate_disk_errors(folder):
        for paper in conversion.papers or NO_PAPERS:
            path = folder / CORPUS / paper.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_text_of(paper), encoding="utf-8")
    samples = tuple(_located(conversion, folder))
    folder.mkdir(parents=True, exist_ok=True)
    save_samples(folder / "samples.jsonl", samples)
    write_text_atomically(folder / "README.md", _readme(conversion, form))
    write_text_atomically(folder / "suite.toml", _settings(conversion, folder))
    return Imported(
        folder=folder,
        samples=len(samples),
        documents=len(conversion.papers),
        without_gold=sum(s.id in conversion.gold and not s.gold for s in samples),
        left_out=conversion.left_out,
    )


def _text_of(paper: Paper) -> str:
    """Return the text of a document: its title as a heading, and each paragraph on a line."""
    paragraphs = "\n\n".join(" ".join(part.split()) for part in paper.text.split("\n\n"))
    title = " ".join(paper.title.split())
    return f"{title}\n{'=' * max(len(title), 3)}\n\n{paragraphs}\n" if title else f"{paragraphs}\n"


def _located(conversion: Conversion, folder: Path) -> Iterator[Sample]:
    """Yield the samples with their gold, the first of them for a quick run."""
    texts: dict[str, str] = {}

    def find(wanted: Answerable) -> GoldPlace | None:
        if wanted.document not in texts:
            path = folder / CORPUS / wanted.document
            texts[wanted.document] = read_document(path, name=wanted.document).text
        return find_gold(texts[wanted.document], wanted)

    for number, sample in enumerate(conversion.samples):
        found = map(find, conversion.gold.get(sample.id, ()))
        size = "smoke" if number < SMOKE_SAMPLES else "default"
        yield replace(sample, gold=tuple(place for place in found if place), size=size)


def _settings(conversion: Conversion, folder: Path) -> str:
    lines = {
        "format_version": 1,
        "name": folder.resolve().name,
        "title": conversion.title,
        "description": conversion.description,
        "version": 1,
        "measures": list(conversion.measures),
        "corpus": CORPUS,
    }
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())


def _readme(conversion: Conversion, form: str) -> str:
    return (
        f"# {conversion.title}\n\n{conversion.description}\n\n"
        f"Written by `ragkit eval import {form}` from files that carry their own licence, which "
        "holds for this folder, too.\n"
    )
