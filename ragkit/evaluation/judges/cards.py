"""The cards of judges on the disk: what a run that uses a judge shows beside its numbers.

A card holds for the very weights that it was made with.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ragkit.errors import StorageError, UsageError
from ragkit.evaluation.protocols import Judge
from ragkit.evaluation.records import JudgeCard
from ragkit.files import write_text_atomically

FORMAT_VERSION = 1
FOLDER = "judges"
_KEY_LENGTH = 12


def card_path(judge: Judge, evals_dir: Path) -> Path:
    """Return where the cards of a judge are kept."""
    told = json.dumps(dict(judge.identity), sort_keys=True)
    key = hashlib.sha256(f"{judge.name}\n{told}".encode()).hexdigest()[:_KEY_LENGTH]
    return evals_dir / FOLDER / f"{judge.name}-{key}.json"


def save_cards(judge: Judge, cards: Sequence[JudgeCard], evals_dir: Path) -> Path:
    """Keep the cards of a judge, each in the place of an older one over the same data."""
    path = card_path(judge, evals_dir)
    known = {card.data: card for card in load_cards(judge, evals_dir)}
    known.update((card.data, card) for card in cards)
    form = {
        "format_version": FORMAT_VERSION,
        "identity": dict(judge.identity),
        "cards": [asdict(card) for card in known.values()],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text_atomically(path, json.dumps(form, ensure_ascii=False, indent=2) + "\n")
    return path


def load_cards(judge: Judge, evals_dir: Path) -> tuple[JudgeCard, ...]:
    """Return the cards of a judge; none where it was never checked.

    Raises:
        StorageError: They are damaged.
    """
    path = card_path(judge, evals_dir)
    if not path.is_file():
        return ()
    try:
        form = json.loads(path.read_text(encoding="utf-8"))
        return tuple(JudgeCard(**card) for card in form["cards"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"{path} is damaged: {error}", hint=f"make it anew: {_command(judge)}"
        ) from error


def require_cards(judge: Judge, evals_dir: Path) -> tuple[JudgeCard, ...]:
    """Return the cards of a judge, that over most claims first: its threshold is used.

    Raises:
        UsageError: It was never checked against people.
    """
    cards = load_cards(judge, evals_dir)
    if not cards:
        raise UsageError(
            f"nobody knows how far judge {judge.name} agrees with people",
            hint=f"check it on claims that people labelled: {_command(judge)}",
        )
    return tuple(sorted(cards, key=lambda card: -card.n))


def _command(judge: Judge) -> str:
    return f"ragkit eval judge-check FILE --judge {judge.name}"
