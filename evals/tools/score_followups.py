"""How often a question that stands alone is taken for a follow-up: a share that should be small.

    python evals/tools/score_followups.py evals/*/samples.jsonl nq-oracle.jsonl.gz

Each file holds one JSON object a line with `question`, and may be packed. Of large files the first
3,000 different questions count. That follow-ups are completed is tested in tests/chat.
"""

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from ragkit.chat.followups import need_of

MOST = 3000


def read_questions(path: Path) -> Iterator[str]:
    """Yield the questions of a file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            question = json.loads(line).get("question")
            if isinstance(question, str):
                yield question


def main() -> None:
    """Print a line a file, and with --show what was taken for a follow-up."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="print the questions, too")
    arguments = parser.parse_args()
    for path in arguments.files:
        questions = list(dict.fromkeys(read_questions(path)))[:MOST]
        taken = [(need_of(question), question) for question in questions]
        taken = [pair for pair in taken if pair[0]]
        print(f"{len(taken):>4} of {len(questions):>5} taken for follow-ups  {path}")
        for need, question in taken if arguments.show else ():
            print(f"       {need:<9} {question}")


if __name__ == "__main__":
    main()
