"""Count how often questions are told that the documents say otherwise, or disagree.

    python evals/tools/score_contradictions.py QUESTIONS.jsonl.gz [--paragraphs 300] [--show]

Reads questions in SQuAD 2.0 form (`question`, `context`, `answerable`), puts some paragraphs into
an index of its own making, and asks every question about them without a model. Of answerable
questions each alarm is a false one but for errors of the set; of the unanswerable, many assert
something false on purpose.
"""

import argparse
import gzip
import json
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from ragkit.ask import AskOptions, Assistant
from ragkit.overview import (
    answer_overview,
    find_correction,
    find_disagreement,
    statements_of,
)
from ragkit.protocols import ALL_DOCUMENTS, Encoder, Index
from ragkit.records import Evidence
from ragkit.workspace import Workspace


def main() -> None:
    """Ask and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--paragraphs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="print each alarm")
    arguments = parser.parse_args()
    items = load_items(arguments.questions, paragraphs=arguments.paragraphs, seed=arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        write_corpus(items, project / "corpus")
        report(items, project, show=arguments.show)


def load_items(path: Path, *, paragraphs: int, seed: int) -> list[dict[str, Any]]:
    """Return the questions about some paragraphs, chosen by seed."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines]
    contexts = sorted({item["context"] for item in items})
    chosen = set(random.Random(seed).sample(contexts, min(paragraphs, len(contexts))))
    return [item for item in items if item["context"] in chosen]


def write_corpus(items: list[dict[str, Any]], folder: Path) -> None:
    """Write each paragraph as a document, those of one title in one folder."""
    for number, context in enumerate(sorted({item["context"] for item in items})):
        path = folder / f"p{number // 50}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(context, encoding="utf-8")


def report(items: list[dict[str, Any]], project: Path, *, show: bool) -> None:
    """Ingest, ask every question, and print what came of it by kind."""
    from ragkit.cli.main import cli

    cli.main(["ingest", "--project", str(project), "--quiet"], standalone_mode=False)
    workspace = Workspace.open(project, {})
    encoder = workspace.load_encoder()
    asked: Counter[bool] = Counter()
    alarms: Counter[tuple[str, bool]] = Counter()
    with workspace.open_index(encoder) as index:
        assistant = workspace.assistant(index, encoder)
        for item in items:
            answerable = bool(item.get("answerable", True))
            asked[answerable] += 1
            for kind, words in alarms_of(item["question"], assistant, index, encoder):
                alarms[kind, answerable] += 1
                if show:
                    print(f"{kind}\t{answerable}\t{item['question']}\t{words}")
    for answerable in (True, False):
        name = "answerable" if answerable else "unanswerable"
        counts = {kind: alarms[kind, answerable] for kind in ("whole", "otherwise", "disagree")}
        print(f"{name}: n = {asked[answerable]}, {counts}")


def alarms_of(
    question: str, assistant: Assistant, index: Index, encoder: Encoder
) -> list[tuple[str, str]]:
    """Return what a question would be told instead of its answer."""
    evidence: Evidence = assistant.gather(question, AskOptions())
    found = []
    whole = answer_overview(question, index=index, encoder=encoder)
    if whole:
        found.append(("whole", whole.text))
    if said := find_correction(question, evidence, index=index, within=ALL_DOCUMENTS):
        text = " / ".join(line.text for line in said.lines)
        found.append(("otherwise", f"{said.asserted} -> {said.instead}: {text}"))
    statements = statements_of(evidence)
    if pair := find_disagreement(question, statements):
        found.append(("disagree", " <> ".join(statements[place].text for place in pair)))
    return found


if __name__ == "__main__":
    main()
