"""Write the questions that the shipped adapter is trained on, from public sets, into one file.

    python evals/tools/training_items.py DATA/qa training-items.jsonl --course DATA/docs/hf-course \
        --written evals/training

DATA/qa holds squad2, xquad.LL, nq-oracle, policyqa and covid-qa as gzip JSONL in SQuAD form. The
articles on which `score_squad.py` measures are left out, in every set that holds them. Of course
notes, sentences that say what something is are asked for; passages written for training bring their
own questions. Printed is how many questions each gives.
"""

import argparse
import gzip
import json
import random
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from score_squad import is_fitted

from ragkit.documents import read_document

Row = dict[str, Any]
LANGUAGES = ("de", "es")
OF_A_LANGUAGE = 180
OF_POLICIES = 800
OF_PAPERS = 300
OF_THE_WEB = 400
_DEFINES = re.compile(
    r"(?P<sentence>(?:The |An? )?(?P<thing>[A-Z][\w-]+(?: [\w-]+){0,3}(?: \([A-Z]+\))?)"
    r" (?P<verb>is|are) (?:an? |the |used |designed |one of )(?:\S+ ){4,30}?\S*[^\W\d]\.)(?: |$)"
)
_POINTING = (
    "this that these those it there here what he she they we you i note each since below above both"
    " all some one another next first second if when while as given"
)
_POINTS = re.compile(rf"(?i)\bthat$|^(?:{'|'.join(_POINTING.split())})\b")
"""Begins a sentence that points to another."""
LONGEST_ANSWER = 30
LONGEST_PARAGRAPH = 260
SHORTEST_PARAGRAPH = 25
"""All in words."""


def main() -> None:
    """Read, choose, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--course", type=Path, action="append", default=[], help="notes to read")
    parser.add_argument("--written", type=Path, help="passages with questions of their own")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    chooser = Chooser(arguments.folder, random.Random(arguments.seed))
    rows = []
    for name, choose in chooser.sets().items():
        chosen = list(choose())
        print(f"{name:10} {len(chosen):6}")
        rows += chosen
    for folder in arguments.course:
        chosen = list(definitions(folder))
        print(f"{folder.name:10} {len(chosen):6}")
        rows += chosen
    if arguments.written:
        chosen = list(written(arguments.written))
        print(f"{arguments.written.name:10} {len(chosen):6}")
        rows += chosen
    random.Random(arguments.seed).shuffle(rows)
    kept = "id question context title answers answerable reference lang elsewhere".split()
    with arguments.out.open("w", encoding="utf-8") as out:
        for row in rows:
            line = {key: row[key] for key in kept if key in row}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


class Chooser:
    """Chooses of each set what may be trained on.

    Args:
        folder: With the sets.
        numbers: Decide what is drawn.
    """

    def __init__(self, folder: Path, numbers: random.Random) -> None:
        self._folder = folder
        self._numbers = numbers
        squad = self.read("squad2")
        self._measured = {row["title"] for row in squad if not is_fitted(row["title"])}
        self._measured_texts = {beginning(row) for row in squad if not is_fitted(row["title"])}
        self._squad = [row for row in squad if is_fitted(row["title"])]

    def sets(self) -> dict[str, Callable[[], Iterator[Row]]]:
        """Return how the rows of each set are chosen."""
        return {
            "squad2": lambda: iter(self._squad),
            "xquad.en": self._english,
            **{f"xquad.{one}": lambda one=one: self._translated(one) for one in LANGUAGES},
            "nq-oracle": lambda: iter(self._draw(self.read("nq-oracle"), OF_THE_WEB)),
            "policyqa": self._policies,
            "covid-qa": self._papers,
        }

    def read(self, name: str) -> list[Row]:
        """Return the rows of a set."""
        with gzip.open(self._folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def may_be_trained_on(self) -> Iterator[Row]:
        """Yield the rows of xquad.en whose article nothing is measured on."""
        for row in self.read("xquad.en"):
            title = row["title"].replace(" ", "_")
            if title not in self._measured and beginning(row) not in self._measured_texts:
                yield row

    def _english(self) -> Iterator[Row]:
        known = {row["question"] for row in self._squad}
        return (row for row in self.may_be_trained_on() if row["question"] not in known)

    def _translated(self, language: str) -> Iterator[Row]:
        allowed = {row["id"] for row in self.may_be_trained_on()}
        rows = [row for row in self.read(f"xquad.{language}") if row["id"] in allowed]
        for row in self._draw(rows, OF_A_LANGUAGE):
            names = {"id": f"{row['id']}.{language}", "title": f"{row['title']}-{language}"}
            yield row | names | {"lang": language}

    def _policies(self) -> Iterator[Row]:
        rows = [
            row
            for row in self.read("policyqa")
            if 1 < len(row["answers"][0].split()) <= LONGEST_ANSWER
            and len(row["context"].split()) >= SHORTEST_PARAGRAPH
        ]
        # "Is personal information collected?" is answered in more than one place of a policy.
        return (row | {"elsewhere": True} for row in self._draw(rows, OF_POLICIES))

    def _papers(self) -> Iterator[Row]:
        """Yield questions about papers with the paragraph that answers, the others being far."""
        rows = [
            row for row in self.read("covid-qa") if len(row["answers"][0].split()) <= LONGEST_ANSWER
        ]
        return iter(self._draw(list(filter(None, map(with_paragraph, rows))), OF_PAPERS))

    def _draw(self, rows: list[Row], count: int) -> list[Row]:
        """Return at least so many rows: all of some passages, since these are asked together."""
        passages: dict[str, list[Row]] = {}
        for row in rows:
            passages.setdefault(row["context"], []).append(row)
        drawn: list[Row] = []
        for passage in self._numbers.sample(list(passages.values()), len(passages)):
            if len(drawn) < count:
                drawn += passage
        return drawn


def beginning(row: Row) -> str:
    """Return what tells one paragraph from another."""
    return str(row["context"][:80])


def with_paragraph(row: Row) -> Row | None:
    """Return a question about a paper with the paragraph that holds its answer, if one does."""
    answer = row["answers"][0]
    paper = f"paper-{sha256(row['context'].encode()).hexdigest()[:8]}"
    for text in re.split(r"\n{2,}", row["context"]):
        if answer in text and len(text.split()) <= LONGEST_PARAGRAPH:
            return row | {"context": text, "title": paper}
    return None


def definitions(folder: Path) -> Iterator[Row]:
    """Yield questions for the sentences of course notes that say what something is."""
    asked = set()
    for path in sorted(folder.rglob("*.md*")):
        document = read_document(path, name=path.relative_to(folder).as_posix())
        for block in document.blocks:
            text = " ".join(document.text[block.start : block.end].split())
            found = _DEFINES.match(text) if block.kind == "paragraph" else None
            if found is None or found["thing"] in asked or _POINTS.search(found["thing"]):
                continue
            asked.add(found["thing"])
            thing = re.sub(r"^(?:The|An?) ", lambda article: article[0].lower(), found["thing"])
            yield {
                "id": f"{folder.name}:{len(asked)}",
                "question": f"What {found['verb']} {thing}?",
                "context": text,
                "title": document.path,
                "answers": [found["sentence"].rstrip(".")],
                "elsewhere": True,
            }


def written(folder: Path) -> Iterator[Row]:
    """Yield the questions of passages that were written for training; see the folder's README."""
    for path in sorted(folder.glob("*.jsonl")):
        yield from written_in(path)


def written_in(path: Path) -> Iterator[Row]:
    """Yield the questions of one file of such passages, in SQuAD 2.0 form."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, passage in enumerate(map(json.loads, lines), start=1):
        for place, asked in enumerate(passage["questions"], start=1):
            yield {
                "id": f"{path.stem}:{number}.{place}",
                "question": asked["q"],
                "context": passage["text"],
                "title": passage["document"],
                "answers": [asked["span"]] if "span" in asked else [],
                "answerable": "span" in asked,
                "none": asked.get("none", ""),
                "reference": asked.get("answer", ""),
            }


if __name__ == "__main__":
    main()
