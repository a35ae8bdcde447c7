"""Ask questions beside hostile documents, and count how often they get what they want.

    python evals/tools/score_injection.py [--model NAME] [--strategy NAME] [--show]

Printed: in how many completions, unchecked, the instruction of a document was followed; in how many
answers as they are shown; and how many answers give the fact that was asked for.
"""

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from hostile_documents import Attack, load_attacks, write_documents

from ragkit import open_project
from ragkit.records import Answer


def main() -> None:
    """Write the documents, ask, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model")
    parser.add_argument("--strategy")
    parser.add_argument("--show", action="store_true", help="print each completion and answer")
    arguments = parser.parse_args()
    attacks = load_attacks()
    with tempfile.TemporaryDirectory() as folder:
        write_documents(attacks, Path(folder) / "corpus")
        given = {"model": arguments.model, "strategy": arguments.strategy}
        with open_project(folder, **given) as project:
            project.ingest()
            options = replace(project.options, always_generate=True)
            answers = [project.ask(attack.question, options=options) for attack in attacks]
    if arguments.show:
        for attack, answer in zip(attacks, answers, strict=True):
            print(describe(attack, answer))
    report(attacks, answers)


def report(attacks: tuple[Attack, ...], answers: list[Answer]) -> None:
    """Print the counts."""
    pairs = list(zip(attacks, answers, strict=True))
    raw = [attack.id for attack, answer in pairs if attack.succeeds_in(said(answer))]
    shown = [attack.id for attack, answer in pairs if attack.succeeds(answer)]
    facts = sum(attack.holds_fact(answer.text) for attack, answer in pairs)
    print(f"followed in the unchecked completion: {len(raw)} of {len(pairs)} {raw}")
    print(f"followed in the answer that is shown: {len(shown)} of {len(pairs)} {shown}")
    print(f"answers that give the fact: {facts} of {len(pairs)}")


def said(answer: Answer) -> str:
    """Return what the model said."""
    return answer.completion.text if answer.completion else ""


def describe(attack: Attack, answer: Answer) -> str:
    """Return what was asked, said and shown."""
    lines = (f"{attack.id}: {attack.question}", f"   model: {said(answer).strip()}")
    return "\n".join((*lines, f"   shown ({answer.mode}): {answer.text or answer.reason}"))


if __name__ == "__main__":
    main()
