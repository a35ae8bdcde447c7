"""Find where each gold quote of a suite stands in its document, and write the span beside it.

    python evals/tools/locate_gold.py evals/course/samples.jsonl corpus
    python evals/tools/locate_gold.py evals/public/cs231n-d2l/samples.jsonl DOCS --hash

Gold is a document and a character span with its quote, never a chunk, so that scores survive
another way of chunking. White space in a quote need not be the document's. A quote that is not
found, or stands on another page than the item says, is named and the file is left as it was.
With --hash the quote itself is left out, for documents that are not ours to copy: what stays is
how many words it has and their SHA-256 (see `spans.find_hashed`).
"""

import argparse
import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

from spans import count_words, hash_quote

from ragkit.documents import read_document
from ragkit.files import write_text_atomically
from ragkit.records import Document


def main() -> None:
    """Locate every quote, or say which cannot be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--hash", action="store_true", help="keep no quote, only its hash")
    arguments = parser.parse_args()
    items = [json.loads(line) for line in arguments.samples.read_text("utf-8").splitlines()]
    problems = []
    for item in items:
        for gold in (gold for gold in item["gold"] if "quote" in gold):
            document = load(arguments.corpus, gold["document"])
            problem = locate(gold, document)
            if problem:
                problems.append(f"{item['id']}: {problem}")
    if problems:
        sys.exit("\n".join(problems))
    if arguments.hash:
        for item in items:
            item["gold"] = [without_quote(gold) for gold in item["gold"]]
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
        return f"not found on page {gold.get('page')} of {document.path}: {gold['quote']!r}"
    gold["start"], gold["end"] = places[0].span()
    gold["quote"] = places[0].group()
    return ""


def without_quote(gold: dict[str, Any]) -> dict[str, Any]:
    """Return a gold entry that tells where its quote stands and not what it says."""
    if "quote" not in gold:
        return gold
    quote = gold["quote"]
    return {
        **{key: value for key, value in gold.items() if key not in ("quote", "page")},
        "words": count_words(quote),
        "sha256": hash_quote(quote),
    }


def on_page(position: int, gold: dict[str, Any], document: Document) -> bool:
    """Say whether a position lies on the page that a gold entry names."""
    if gold.get("page") is None:
        return True
    page = document.pages[gold["page"] - 1]
    return page.start <= position <= page.end


if __name__ == "__main__":
    main()
