"""The folder of a suite: suite.toml says what it is, samples.jsonl holds a sample a line.

A folder that holds samples.jsonl alone is a suite, too. Nothing here looks into documents.
"""

import hashlib
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from ragkit.errors import UsageError
from ragkit.evaluation.records import Sample, Suite
from ragkit.evaluation.suites.rows import (
    form_of_sample,
    parse_sample,
    read_object,
    read_text,
    read_texts,
    read_whole,
)
from ragkit.files import disk_error, write_text_atomically

MEASURES = ("hallucination", "brittleness", "memorisation", "retrieval", "reasoning")
"""What a suite can be for."""
BUILT_IN = MEASURES[:4]
"""Those with a suite of their name that comes with ragkit; a suite is for all of them unless it
says otherwise."""
SUITE_FILE, SAMPLES_FILE = "suite.toml", "samples.jsonl"
FORMAT_VERSION = 1
"""Of both files."""


@dataclass(frozen=True, slots=True)
class _Settings:
    """What suite.toml may say."""

    format_version: int = FORMAT_VERSION
    name: str = ""
    title: str = ""
    description: str = ""
    version: int = 1
    measures: tuple[str, ...] = BUILT_IN
    samples: str = SAMPLES_FILE
    corpus: str = ""


_READERS = {
    **dict.fromkeys(("name", "title", "description", "samples", "corpus"), read_text),
    **dict.fromkeys(("format_version", "version"), read_whole),
    "measures": read_texts,
}


def read_suite(folder: Path, *, drafts: bool = False) -> Suite:
    """Return the suite in a folder.

    Args:
        folder: Holds samples.jsonl and, if it says more, suite.toml.
        drafts: Take in the samples that nobody has accepted yet.

    Raises:
        UsageError: A file is missing or wrong; the message says which line.
        StorageError: A file cannot be read.
    """
    suite = describe_suite(folder)
    path = samples_file(folder)
    samples = read_samples(path)
    kept = tuple(sample for sample in samples if drafts or not sample.draft)
    if not kept:
        raise UsageError(
            f"all {len(samples)} samples in {path} are drafts",
            hint=f"accept the good ones: ragkit eval make {folder} --review",
        )
    return replace(suite, samples=kept, sha256=hash_samples(kept, suite.version))


def describe_suite(folder: Path) -> Suite:
    """Return what suite.toml says, without the samples; see `read_suite`."""
    settings = _read_settings(folder)
    corpus = (folder / settings.corpus).resolve() if settings.corpus else None
    if corpus and not corpus.is_dir():
        raise UsageError(
            f"{folder / SUITE_FILE}: there is no folder {corpus}",
            hint="corpus is the suite's own documents, relative to its folder; leave it out "
            "for those of the project",
        )
    return Suite(
        name=settings.name or folder.resolve().name,
        title=settings.title or settings.name or folder.resolve().name,
        description=settings.description,
        version=settings.version,
        folder=folder,
        measures=settings.measures,
        samples=(),
        corpus=corpus,
    )


def samples_file(folder: Path) -> Path:
    """Return where the samples of a suite stand."""
    return folder / _read_settings(folder).samples


def read_samples(path: Path) -> tuple[Sample, ...]:
    """Return the samples of a file, in its order; empty lines are skipped.

    Raises:
        UsageError: There is none, or a line is no sample, or two have one id.
        StorageError: The file cannot be read.
    """
    samples: dict[str, Sample] = {}
    places: dict[str, str] = {}
    for place, row in read_rows(path):
        sample = parse_sample(row, place=place)
        if sample.id in samples:
            first = places[sample.id]
            raise UsageError(
                f"{place}: the id {sample.id!r} stands at {first} already",
                hint="give each sample an id of its own",
            )
        samples[sample.id], places[sample.id] = sample, place
    if not samples:
        raise UsageError(f"{path} holds no samples", hint="put one JSON object on each line")
    return tuple(samples.values())


def read_rows(path: Path) -> list[tuple[str, Any]]:
    """Return the JSON values of a file, each with its place; see `read_samples`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UsageError(
            f"there is no {path}", hint="ragkit eval list shows the suites that there are"
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8", hint="save it as UTF-8") from error
    except OSError as error:
        raise disk_error(path, error) from error
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                rows.append((f"{path}:{number}", json.loads(line)))
            except ValueError as error:
                raise UsageError(
                    f"{path}:{number} is no JSON: {error}", hint="one JSON object on each line"
                ) from error
    return rows


def save_samples(path: Path, samples: Sequence[Sample]) -> None:
    """Write samples to a file, whole or not at all.

    Raises:
        StorageError: The disk is full or the folder cannot be written.
    """
    save_rows(path, [form_of_sample(sample) for sample in samples])


def save_rows(path: Path, rows: Sequence[Any]) -> None:
    """Write JSON values to a file, one on each line; see `save_samples`."""
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    write_text_atomically(path, "".join(f"{line}\n" for line in lines))


def start_suite(folder: Path) -> None:
    """Write the suite.toml and README.md of a new suite; those that are there stay.

    Raises:
        StorageError: The folder cannot be written.
    """
    for name, text in ((SUITE_FILE, _NEW_SETTINGS), ("README.md", _NEW_README)):
        if not (folder / name).exists():
            write_text_atomically(folder / name, text.format(name=folder.resolve().name))


_NEW_SETTINGS = """format_version = 1
title = "Questions over my documents"
description = ""
version = 1
measures = ["hallucination", "retrieval", "brittleness", "memorisation"]
samples = "samples.jsonl"
"""
_NEW_README = """# {name}

Questions over the documents of this project, one JSON object on each line of `samples.jsonl`.
Those with `"draft": true` were made by rule and are not run before a person accepts them:

    ragkit eval make {name} --review
    ragkit eval check {name}
    ragkit eval run {name}

How an item is written: ask for one thing that stands in one place, as a student would. `answers`
are short forms, any of which makes an answer right. `gold` is where it stands: write `document`
and `quote`, and `ragkit eval check {name} --fix` adds the place. A question that no document
answers has a `kind`, such as `unanswerable-near`, and names in `absent` the words that would have
to stand somewhere.
"""


def hash_samples(samples: Sequence[Sample], version: int) -> str:
    """Return the name of what is asked: the same for the same samples, however they are written."""
    forms = [form_of_sample(replace(sample, draft=False)) for sample in samples]
    text = json.dumps([version, forms], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _read_settings(folder: Path) -> _Settings:
    path = folder / SUITE_FILE
    if not path.exists():
        return _Settings()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no TOML: {error}", hint="compare it with another") from error
    except OSError as error:
        raise disk_error(path, error) from error
    values = read_object(table, _Settings, _READERS, what="a suite", place=str(path))
    settings = _Settings(
        **{field.name: values[field.name] for field in fields(_Settings) if field.name in values}
    )
    if settings.format_version > FORMAT_VERSION:
        raise UsageError(
            f"{path} has format {settings.format_version}; this version reads {FORMAT_VERSION}",
            hint="use a newer ragkit",
        )
    unknown = [name for name in settings.measures if name not in MEASURES]
    if unknown or not settings.measures:
        raise UsageError(
            f"{path}: unknown measure {', '.join(unknown) or 'none'}",
            hint=f"known: {', '.join(MEASURES)}",
        )
    return settings
