"""Going through drafts one after another: accept, edit, reject, or leave for later."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from ragkit.cli.render.console import answer_console
from ragkit.cli.render.drafts import print_draft
from ragkit.evaluation.records import Sample
from ragkit.evaluation.suites import save_samples

_KEYS = {"a": "accept", "e": "edit", "r": "reject", "s": "skip", "q": "quit"}


def review(path: Path, samples: Sequence[Sample]) -> int:
    """Show each draft and do what is said; every decision is on the disk before the next one.

    Args:
        path: Of samples.jsonl.
        samples: All that it holds.
    """
    console = answer_console()
    waiting = [sample for sample in samples if sample.draft]
    kept = {sample.id: sample for sample in samples}
    if not waiting:
        console.print("no drafts are waiting", style="faint")
        return 0
    counts = dict.fromkeys(_KEYS, 0)
    for number, draft in enumerate(waiting, start=1):
        print_draft(console, draft, number=number, total=len(waiting))
        key = _ask_key()
        counts[key] += 1
        if key == "q":
            break
        if key == "s":
            continue
        if key == "r":
            del kept[draft.id]
        else:
            kept[draft.id] = replace(_edited(draft) if key == "e" else draft, draft=False)
        save_samples(path, list(kept.values()))
    left = sum(sample.draft for sample in kept.values())
    told = f"{counts['a'] + counts['e']} accepted, {counts['r']} rejected, {left} left"
    console.print(told)
    return 0


def _ask_key() -> str:
    """Return the key of what to do; the end of the input quits."""
    question = ", ".join(f"[{key}] {word}" for key, word in _KEYS.items())
    while True:
        click.echo(f"{question}: ", nl=False)
        said = click.getchar() if sys.stdin.isatty() else (sys.stdin.readline() or "q")
        click.echo(said.strip())
        key = said.strip().lower()[:1]
        if key in _KEYS:
            return key


def _edited(draft: Sample) -> Sample:
    """Return a draft with another question and other answers; an empty line keeps them."""
    question = click.prompt("question", default=draft.question)
    if not draft.answers:
        return replace(draft, question=question)
    said = click.prompt("answers, divided by |", default=" | ".join(draft.answers))
    answers = tuple(filter(None, (part.strip() for part in said.split("|"))))
    return replace(draft, question=question, answers=answers or draft.answers)
