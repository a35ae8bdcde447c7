"""The cards of judges on a screen; it computes nothing."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ragkit.cli.render.tables import print_table
from ragkit.evaluation.records import JudgeCard


def print_cards(console: Console, cards: Sequence[JudgeCard]) -> None:
    """Print a line for each judge and set, and how to read it."""
    print_table(console, [_row(card) for card in cards])
    console.print()
    console.print(
        Text(
            "balanced: mean of the shares of backed and of other claims that are told rightly, with"
            " its 95% interval; .50 is guessing. from: the score from which on a claim is called"
            " backed, chosen on one half; all else is measured on the other. baseline: the best of"
            " claim length, words shared with a passage, and a constant.",
            style="faint",
        )
    )


def _row(card: JudgeCard) -> dict[str, object]:
    name, best = max(card.baselines.items(), key=lambda one: one[1], default=("none", 0.5))
    low, high = card.balanced_accuracy_low, card.balanced_accuracy_high
    return {
        "judge": card.judge,
        "tier": card.tier,
        "claims": card.data,
        "n": card.n,
        "balanced": f"{card.balanced_accuracy:.2f} [{low:.2f}, {high:.2f}]",
        "AUROC": f"{card.auroc:.2f}",
        "baseline": f"{best:.2f} {name.split()[-1]}",
        "from": f"{card.threshold:.2f}",
    }
