"""Find where each gold quote of a suite stands in its document, and write the span beside it.

    python evals/tools/locate_gold.py evals/course/samples.jsonl corpus

Gold is a document and a character span with its quote, never a chunk, so that scores survive
another way of chunking. White space in a quote need not be the document's. A quote that is not
found, or stands on another page than the item says, is named and the file is left as it was.
"""

import argparse
import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

from ragkit.documents import read_document
from ragkit.files import write_text_atomically
from ragkit.records import Document


def main() -> None:
    """Locate every quote, or say which cannot be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", type=Path)
    parser.add_argument("corpus", type=Path)
    arguments = parser.parse_args()
    items = [json.loads(line) for line in arguments.samples.read_text("utf-8").splitlines()]
    problems = []
    for item in items:
        for gold in item["gold"]:
            document = load(arguments.corpus, gold["document"])
            problem = locate(gold, document)
            if problem:
                problems.append(f"{item['id']}: {problem}")
    if problems:
        sys.exit("\n".join(problems))
    lines = [json.dumps(item, ensure_ascii=False) for item in items]
    write_text_atomically(arguments.samples, "\n".join(lines) + "\n")


@cache
def load(corpus: Path, name: str) -> Document:
    """Return a document of the corpus."""
    return read_document(corpus / name, name=name)


def locate(gold: dict[str, Any], document: Document) -> str:
    """Set start, end and the exact quote of a gold entry; return what is wrong, if anything."""
    pattern = r"\s+".join(re.escape(word) for word in gold["quote"].split())
    places = [
        match
        for match in re.finditer(pattern, document.text)
        if on_page(match.start(), gold, document)
    ]
    if not places:
        return f"not found on page {gold['page']} of {document.path}: {gold['quote']!r}"
    gold["start"], gold["end"] = places[0].span()
    gold["quote"] = places[0].group()
    return ""


def on_page(position: int, gold: dict[str, Any], document: Document) -> bool:
    """Say whether a position lies on the page that a gold entry names."""
    if gold["page"] is None:
        return True
    page = document.pages[gold["page"] - 1]
    return page.start <= position <= page.end


if __name__ == "__main__":
    main()
