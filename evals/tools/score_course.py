"""Ask every question of a suite and count what came of it.

    python evals/tools/score_course.py [--project DIR] [--suite evals/course] [--show]

Printed with n and a 95% Wilson interval: gold evidence among the first passage and the first five,
and among the selected sentences; right answers shown (an accepted answer stands in the answer);
abstentions on what the documents do not hold; over-refusals on what they do.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scipy.stats import binomtest

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common
from ragkit.cli.render.console import Remarks
from ragkit.evidence.support import normalise
from ragkit.records import Answer, Hit
from ragkit.retrieval import Retriever
from ragkit.workspace import Workspace


class Outcome(NamedTuple):
    """What came of one question."""

    item: dict[str, Any]
    hits: tuple[Hit, ...]
    answer: Answer
    right: bool
    right_completion: bool
    evidence_selected: bool

    @property
    def answerable(self) -> bool:
        """Whether the documents hold the answer."""
        return bool(self.item["kind"] == "answerable")


def main() -> None:
    """Ask and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, default=Path())
    parser.add_argument("--suite", type=Path, default=Path("evals/course"))
    parser.add_argument("--strategy")
    parser.add_argument("--model")
    parser.add_argument("--show", action="store_true", help="print each answer")
    arguments = parser.parse_args()
    samples = (arguments.suite / "samples.jsonl").read_text("utf-8").splitlines()
    common = Common(arguments.project, as_json=False, quiet=False, debug=False)
    flags = {"strategy": arguments.strategy, "model": arguments.model}
    workspace = open_workspace(common, flags, Remarks(quiet=False))
    outcomes = ask_all([json.loads(line) for line in samples], workspace)
    if arguments.show:
        for outcome in outcomes:
            print(describe(outcome))
    report(outcomes)


def ask_all(items: Sequence[dict[str, Any]], workspace: Workspace) -> list[Outcome]:
    """Return what came of each question."""
    encoder = workspace.load_encoder()
    outcomes = []
    with workspace.open_index(encoder) as index:
        assistant = workspace.assistant(index, encoder)
        retriever = Retriever(index, encoder)
        for item in items:
            hits = retriever.search(item["question"], top_n=5)
            evidence = assistant.gather(item["question"], workspace.ask_options)
            selected = any(
                gold["start"] < s.sentence.end and s.sentence.start < gold["end"]
                for source in evidence.sources
                for s in source.sentences
                for gold in item["gold"]
                if gold["document"] == source.hit.chunk.document
            )
            answer = assistant.ask(item["question"], workspace.ask_options)
            completion = answer.completion.text if answer.completion else ""
            outcomes.append(
                Outcome(
                    item,
                    hits,
                    answer,
                    right=is_right(item, answer.text),
                    right_completion=is_right(item, completion),
                    evidence_selected=selected,
                )
            )
    return outcomes


def is_right(item: dict[str, Any], shown: str) -> bool:
    """Say whether an accepted answer stands in a text."""
    text = f" {plain(shown)} "
    return any(f" {plain(accepted)} " in text for accepted in item["answers"])


def plain(text: str) -> str:
    """Return a text in lower case without punctuation, but for points and signs within numbers."""
    kept = "".join(c if c.isalnum() or c in ".%-" else " " for c in normalise(text))
    return " ".join(word.strip(".-") for word in kept.split())


def holds_gold(hit: Hit, item: dict[str, Any]) -> bool:
    """Say whether at least half of a gold span lies within a passage."""
    chunk = hit.chunk
    for gold in item["gold"]:
        shared = min(chunk.end, gold["end"]) - max(chunk.start, gold["start"])
        if gold["document"] == chunk.document and 2 * shared >= gold["end"] - gold["start"]:
            return True
    return False


def report(outcomes: Sequence[Outcome]) -> None:
    """Print the counts."""
    answerable = [o for o in outcomes if o.answerable]
    others = [o for o in outcomes if not o.answerable]
    print()
    count("gold evidence in the first passage", [holds_gold(o.hits[0], o.item) for o in answerable])
    count(
        "gold evidence in the first five",
        [any(holds_gold(h, o.item) for h in o.hits) for o in answerable],
    )
    count("gold evidence among the selected sentences", [o.evidence_selected for o in answerable])
    count("right answers shown", [o.right for o in answerable])
    count("right in the model's own words, unchecked", [o.right_completion for o in answerable])
    count("over-refusals", [o.answer.abstained for o in answerable])
    count("abstained on the unanswerable", [o.answer.abstained for o in others])
    for kind in sorted({o.item["kind"] for o in others}):
        members = [o.answer.abstained for o in others if o.item["kind"] == kind]
        count(f"  {kind}", members)
    modes = [o.answer.mode for o in outcomes]
    print({mode: modes.count(mode) for mode in sorted(set(modes))})
    totals = sorted(o.answer.timings_s["total"] for o in outcomes)
    print(f"seconds a question: median {totals[len(totals) // 2]:.2f}, most {totals[-1]:.2f}")


def count(name: str, values: Sequence[bool]) -> None:
    """Print a share with its interval."""
    if not values:
        return
    interval = binomtest(sum(values), len(values)).proportion_ci(method="wilson")
    share = sum(values) / len(values)
    print(f"{name:44} {share:.3f}  [{interval.low:.2f}, {interval.high:.2f}]  n={len(values)}")


def describe(outcome: Outcome) -> str:
    """Return a question, what was wanted, and what was shown."""
    item, answer = outcome.item, outcome.answer
    verdict = "right" if outcome.right else "abstained" if answer.abstained else "WRONG"
    said = answer.completion.text.strip() if answer.completion else ""
    features = " ".join(f"{k}={v:.2f}" for k, v in answer.sufficiency.features.items())
    return "\n".join(
        (
            f"\n{item['id']} {item['kind']} · {verdict} · {answer.mode} · {item['question']}",
            f"   wanted {item['answers']}; sufficiency {answer.sufficiency.score:.2f} {features}",
            f"   shown: {answer.text or answer.reason}",
            f"   model: {said}",
        )
    )


if __name__ == "__main__":
    main()
