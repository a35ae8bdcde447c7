"""Put two runs of `score_squad.py` side by side, question by question.

    python evals/tools/compare_squad.py evals/runs/base.jsonl evals/runs/adapter.jsonl [--mode raw]

Of the questions that both files hold, for each way: every measure of `squad_measures` in both, how
much higher the second is, with its interval, and how probable so large a difference is if the two
were one. Articles are what is drawn anew, where a file names them, else questions. A measure whose
denominator is not the same in both, such as the precision of abstaining, has an interval and no p.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from answer_modes import MODEL_MODES
from answer_tables import print_aligned
from run_files import read_run, tell
from squad_measures import (
    MEASURES,
    RESAMPLES,
    Outcome,
    cluster_of,
    measure,
    percent,
)

from ragkit.evaluation.statistics import Estimate, bootstrap_statistic, paired_difference
from ragkit.evaluation.statistics.bootstrap import Floats

MAY_DIFFER = ("model", "weights", "adapter")
"""Of what a run depends on, what is compared here."""
Pair = tuple[Outcome, Outcome]


def main() -> None:
    """Read, pair, print."""
    arguments = parse_arguments()
    (header_a, a), (header_b, b) = (load_outcomes(path) for path in arguments.files)
    differing = sorted(
        key
        for key in (header_a.keys() | header_b.keys()) - {*MAY_DIFFER}
        if header_a.get(key) != header_b.get(key)
    )
    if differing:
        tell(f"the runs differ in more than the model: {', '.join(differing)}")
    for name, path, header in zip("AB", arguments.files, (header_a, header_b), strict=True):
        print(f"{name}: {path.name}, {header['model']}, {header.get('adapter') or 'no adapter'}")
    for mode in arguments.mode or MODEL_MODES:
        print_mode(mode, pair_outcomes(a, b, mode))


def parse_arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs=2, metavar="FILE")
    parser.add_argument("--mode", action="append", help=f"default: {', '.join(MODEL_MODES)}")
    return parser.parse_args()


def load_outcomes(path: Path) -> tuple[dict[str, Any], list[Outcome]]:
    """Return what a run depends on, and its outcomes."""
    header, lines = read_run(path.read_text(encoding="utf-8"))
    if not lines or not lines[0].keys() <= {*Outcome._fields}:
        sys.exit(f"{path} holds no outcomes of score_squad.py")
    return header, [Outcome(**line) for line in lines]


def pair_outcomes(a: Sequence[Outcome], b: Sequence[Outcome], mode: str) -> list[Pair]:
    """Return the outcomes of the questions that both runs asked in one way.

    >>> old = [Outcome("1", "raw", "Who?", []), Outcome("2", "raw", "When?", [])]
    >>> new = [Outcome("2", "raw", "When?", [], article="Normans")]
    >>> [(left.id, left.article, right.id) for left, right in pair_outcomes(old, new, "raw")]
    [('2', 'Normans', '2')]
    """
    others = {outcome.id: outcome for outcome in b if outcome.mode == mode}
    pairs = [(o, others[o.id]) for o in a if o.mode == mode and o.id in others]
    return [
        tuple(outcome._replace(article=left.article or right.article) for outcome in (left, right))
        for left, right in pairs
    ]


def print_mode(mode: str, pairs: Sequence[Pair]) -> None:
    """Print a line for each measure that both runs have."""
    if not pairs:
        print(f"\n{mode}: no question is in both files")
        return
    answerable = sum(bool(left.answers) for left, _ in pairs)
    clusters = len({cluster_of(left) for left, _ in pairs})
    articles = f", articles: {clusters}" if pairs[0][0].article else ""
    print(f"\n{mode}: {len(pairs)} questions, {answerable} answerable{articles}")
    rows = (row_of(name, pairs) for name in MEASURES)
    print_aligned([("in percent", "A", "B", "B - A", "p"), *rows])


def row_of(name: str, pairs: Sequence[Pair]) -> tuple[str, ...]:
    """Return the cells of a measure."""
    runs = [measure([pair[at] for pair in pairs], name) for at in (0, 1)]
    return (name, *map(percent, runs), *(compare(name, pairs) if all(runs) else ("-", "-")))


def compare(name: str, pairs: Sequence[Pair]) -> tuple[str, str]:
    """Return how much higher a measure is in the second run, and p where it is a mean of pairs.

    >>> none = Outcome("1", "raw", "Who?", ["Rollo"])
    >>> right = none._replace(shown="Rollo.", abstained=False)
    >>> pairs = [(none._replace(id=n), right._replace(id=n)) for n in "123456"]
    >>> compare("held", pairs), compare("EM", [pair[::-1] for pair in pairs])
    (('+100.0 [+100.0, +100.0]', '.031'), ('-100.0 [-100.0, -100.0]', '.031'))
    """
    parts = [(MEASURES[name](left), MEASURES[name](right)) for left, right in pairs]
    clusters = [cluster_of(left) for left, _ in pairs]
    if any(left.out_of != right.out_of or left.out_of > 1 for left, right in parts):
        rows = [(*left, *right) for left, right in parts]
        estimate = bootstrap_statistic(rows, clusters, ratio_step, resamples=RESAMPLES)
        return (signed(estimate), "-")
    kept = [(*pair, cluster) for pair, cluster in zip(parts, clusters, strict=True) if pair[0][1]]
    found = paired_difference(
        [left.of for left, _, _ in kept],
        [right.of for _, right, _ in kept],
        [cluster for _, _, cluster in kept],
        resamples=RESAMPLES,
    )
    if found is None:
        return ("-", "-")
    return (signed(Estimate(found.mean, found.low, found.high, found.n)), short(found.p))


def ratio_step(table: Floats) -> float | None:
    """Return how much higher the share of the last two columns is than that of the first two.

    >>> import numpy as np
    >>> ratio_step(np.array([[1, 2, 1, 1], [0, 2, 1, 1]]))
    0.75
    """
    of_a, out_of_a, of_b, out_of_b = table.sum(axis=0)
    return float(of_b / out_of_b - of_a / out_of_a) if out_of_a and out_of_b else None


def signed(estimate: Estimate | None) -> str:
    """Return a difference in percent with its interval; "-" for one that is undefined.

    >>> signed(Estimate(0.05, -0.01, 0.11, 100))
    '+5.0 [-1.0, +11.0]'
    """
    if estimate is None:
        return "-"
    mean = f"{100 * estimate.mean:+.1f}"
    if estimate.low is None or estimate.high is None:
        return mean
    return f"{mean} [{100 * estimate.low:+.1f}, {100 * estimate.high:+.1f}]"


def short(p: float) -> str:
    """Return a probability with three places.

    >>> short(0.0312), short(0.0001), short(1.0)
    ('.031', '<.001', '1.000')
    """
    return "<.001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


if __name__ == "__main__":
    main()
