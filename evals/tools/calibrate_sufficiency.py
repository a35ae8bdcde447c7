"""Fit the weights of `ragkit.evidence.ranking` and `ragkit.evidence.sufficiency`, and report them.

    python evals/tools/calibrate_sufficiency.py FILE... --suite evals/calibration \
        --cache FOLDER [--over-refusal 0.05] [--reader none]

`evidence_items` says what is asked. Everything reported is held out: five times the weights are
fitted on the other four fifths of the articles. Ranking: how often one of the best units answers.
Sufficiency: AUROC by kind, the share abstained on at stated shares of over-refusal, and how well
the score is calibrated. The weights printed are those fitted on everything, for the use with the
reader unless it is none; then the files must hold nothing that the reader was fitted on.
"""

import argparse
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from evidence_items import FOLDS, KINDS, Measured, fold_of, load_measured

from ragkit.evidence import ranking, sufficiency
from ragkit.evidence.selection import MOST_SENTENCES
from ragkit.evidence.sufficiency import measure_sufficiency

Matrix = npt.NDArray[np.float64]
COUNTS = {"answerable": 400, "near": 400, "middle": 150, "far": 150}
SHARES = {"answerable": 0.5, "near": 0.2, "middle": 0.15, "far": 0.15}
"""How much each kind weighs in the fit, whatever its number."""
RIDGE = 0.003
DEPTHS = (1, 2, 3)
ANSWER_WEIGHT = 6.0
"""Of the reader's finding, beside the weights of the other features without it. Source: the mean
AUROC over near, middle and far questions is largest from 6 to 8; over the 406,000 words of two
public courses, questions about other things are told with AUROC .983 with 6, .980 with 8, .988
without a reader."""


class Fitted(NamedTuple):
    """The weights in use that are fitted anew."""

    ranking: Mapping[str, float]
    sufficiency: Mapping[str, float]


WITHOUT_READER = Fitted(ranking.WEIGHTS, sufficiency.WEIGHTS)
WITH_READER = Fitted(ranking.READER_WEIGHTS, sufficiency.READER_WEIGHTS)


class Sample(NamedTuple):
    """The units of one answerable question: features (units, names), and which of them answer."""

    measured: Measured
    features: Matrix
    answers: npt.NDArray[np.bool_]


def main() -> None:
    """Measure, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--suite", type=Path, action="append", default=[])
    parser.add_argument("--cache", type=Path, required=True, help="where rankings are kept")
    parser.add_argument("--over-refusal", type=float, default=0.05)
    parser.add_argument("--reader", choices=("auto", "none"), default="auto")
    arguments = parser.parse_args()
    fitted = WITH_READER if arguments.reader == "auto" else WITHOUT_READER
    measured = [
        one
        for one in load_measured(
            arguments.files, arguments.suite, counts=COUNTS, cache=arguments.cache
        )
        if one.ranked and one.item.kind in KINDS
    ]
    measured = [rerank(one, fitted.ranking) for one in measured]
    answerable = [one for one in measured if one.item.kind == "answerable"]
    report_ranking([sample_of(one, fitted.ranking) for one in answerable], fitted.ranking)
    report_sufficiency(table_of(measured, fitted.sufficiency), arguments.over_refusal)


def sample_of(measured: Measured, weights: Mapping[str, float]) -> Sample:
    """Return the features of the units that were ranked for a question."""
    rows = [[one.features[name] for name in weights] for one in measured.ranked]
    return Sample(measured, np.array(rows), np.array(measured.answering))


def rerank(measured: Measured, weights: Mapping[str, float]) -> Measured:
    """Return an item as some weights rank its units; what has no weight is not known."""
    scored = []
    for one in measured.ranked:
        known = {name: one.features[name] for name in weights}
        score = sum(weights[name] * value for name, value in known.items())
        scored.append(one._replace(features=known, score=score))
    return measured._replace(ranked=tuple(sorted(scored, key=lambda one: -one.score)))


def fit_ranking(samples: Sequence[Sample]) -> Matrix:
    """Return weights under which an answering unit is likely the best: a softmax over units."""
    from scipy.optimize import minimize

    mixed = [one for one in samples if one.answers.any() and not one.answers.all()]
    unit = np.vstack([one.features for one in mixed]).std(axis=0) + 1e-9

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = 0.0, np.zeros_like(weights)
        for _, features, answers in mixed:
            scores = features / unit @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            held = chances * answers
            total -= math.log(held.sum() + 1e-12)
            slope += (features / unit).T @ (chances - held / (held.sum() + 1e-12))
        count = len(mixed)
        penalty = RIDGE * float(weights @ weights) / 2
        return total / count + penalty, slope / count + RIDGE * weights

    start = np.zeros(len(unit))
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x / unit)


def report_ranking(samples: Sequence[Sample], in_use: Mapping[str, float]) -> None:
    """Print how often the best units answer, under the present and the fitted weights."""
    present = np.array(list(in_use.values()))
    held_out = [fit_ranking([s for s in samples if _fold(s) != fold]) for fold in range(FOLDS)]
    for collection in sorted({one.measured.item.collection for one in samples}):
        members = [one for one in samples if one.measured.item.collection == collection]
        for name, shares in (
            ("present", [best_answer(one, present) for one in members]),
            ("held out", [best_answer(one, held_out[_fold(one)]) for one in members]),
        ):
            found = " ".join(f"{share:.3f}" for share in np.mean(shares, axis=0))
            print(f"{collection:12} {name:9} best {DEPTHS}: {found} (n={len(members)})")
    weights = fit_ranking(samples)
    for name, weight in zip(in_use, weights / weights[0], strict=True):
        print(f"  {name:18} {weight:6.2f}")


def _fold(sample: Sample) -> int:
    return fold_of(sample.measured.item)


def best_answer(sample: Sample, weights: Matrix) -> list[bool]:
    """Say whether an answering unit is among the best ones, at each depth."""
    order = np.argsort(-(sample.features @ weights), kind="stable")
    return [bool(sample.answers[order[:depth]].any()) for depth in DEPTHS]


class Table(NamedTuple):
    """What sufficiency is fitted on."""

    features: Matrix
    kinds: npt.NDArray[np.str_]
    collections: npt.NDArray[np.str_]
    folds: npt.NDArray[np.int64]
    names: tuple[str, ...]
    """Of the features."""

    @property
    def answerable(self) -> npt.NDArray[np.bool_]:
        """Which rows can be answered."""
        return self.kinds == "answerable"

    @property
    def weights(self) -> Matrix:
        """How much each row weighs: every kind its share."""
        return np.array([SHARES[kind] / np.sum(self.kinds == kind) for kind in self.kinds])


def table_of(measured: Sequence[Measured], weights: Mapping[str, float]) -> Table:
    """Return the features of every item's evidence."""
    rows = [features_of(one, weights) for one in measured]
    return Table(
        np.array(rows),
        np.array([one.item.kind for one in measured]),
        np.array([one.item.collection for one in measured]),
        np.array([fold_of(one.item) for one in measured]),
        tuple(weights),
    )


def features_of(measured: Measured, weights: Mapping[str, float]) -> list[float]:
    """Return the features of the sufficiency in the order of its weights."""
    best = measured.ranked[:MOST_SENTENCES]
    question, terms = measured.item.question, measured.terms
    found = measure_sufficiency(question, best, terms, threshold=0.0).features
    return [found[name] for name in weights]


def report_sufficiency(table: Table, over_refusal: float) -> None:
    """Print held-out AUROC, abstentions and calibration, and the weights fitted on everything."""
    from sklearn.metrics import roc_auc_score

    odds = np.zeros(len(table.kinds))
    for fold in range(FOLDS):
        test = table.folds == fold
        bias, weights = fit_sufficiency(table, ~test)
        odds[test] = table.features[test] @ weights + bias
    for collection in sorted(set(table.collections)):
        members = table.collections == collection
        for kind in KINDS[1:]:
            rows = members & np.isin(table.kinds, ["answerable", kind])
            if np.any(table.kinds[rows] == kind) and np.any(table.answerable[rows]):
                auroc = roc_auc_score(table.answerable[rows], odds[rows])
                print(f"{collection:12} AUROC against {kind:7} {auroc:.3f} (n={rows.sum()})")
    for share in (0.02, 0.05, 0.08, 0.12):
        point = operating_point(table, odds, share)
        print(f"over-refusal {share:.2f} at {1 / (1 + math.exp(-point)):.3f}:", end="")
        print(describe_abstentions(table, odds < point))
    report_calibration(table, odds, operating_point(table, odds, over_refusal))
    bias, weights = fit_sufficiency(table, np.ones(len(odds), dtype=bool))
    shifted = bias - operating_point(table, odds, over_refusal)
    print(f"bias {bias:.2f}; moved so that 0.5 refuses {over_refusal:.2f}: {shifted:.2f}")
    for name, weight in zip(table.names, weights, strict=True):
        print(f"  {name:18} {weight:6.2f}")


def fit_sufficiency(table: Table, rows: npt.NDArray[np.bool_]) -> tuple[float, Matrix]:
    """Return bias and weights of a logistic regression on some rows.

    With the reader the other features keep the proportions that their weights have without it, and
    the answer has its own to them: only the scale of all is fitted. They were found on natural
    questions, whereas those that the reader was not fitted on are mostly traps, in which the
    question's words stand where nothing answers.
    """
    from sklearn.linear_model import LogisticRegression

    mix = np.eye(len(table.names))
    if "answer" in table.names:
        weights = {**sufficiency.WEIGHTS, "answer": ANSWER_WEIGHT}
        mix = np.array([[weights[name]] for name in table.names])
    features = table.features[rows] @ mix
    unit = features.std(axis=0) + 1e-9
    share = table.weights[rows]
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(features / unit, table.answerable[rows], sample_weight=share / share.mean())
    return float(model.intercept_[0]), np.asarray(mix @ (model.coef_[0] / unit))


def operating_point(table: Table, odds: Matrix, over_refusal: float) -> float:
    """Return the log-odds below which that share of the answerable lies; each set counts alike."""
    rows = np.flatnonzero(table.answerable)
    rows = rows[np.argsort(odds[rows])]
    sizes = {name: np.sum(table.collections[rows] == name) for name in set(table.collections)}
    refused = np.cumsum([1 / sizes[table.collections[row]] for row in rows]) / len(sizes)
    return float(odds[rows[np.searchsorted(refused, over_refusal)]])


def describe_abstentions(table: Table, abstained: npt.NDArray[np.bool_]) -> str:
    """Return the share abstained on by collection and kind."""
    text = ""
    for collection in sorted(set(table.collections)):
        members = table.collections == collection
        shares = [
            f"{kind} {np.mean(abstained[members & (table.kinds == kind)]):.2f}"
            for kind in KINDS
            if np.any(members & (table.kinds == kind))
        ]
        text += f"\n    {collection:12} " + ", ".join(shares)
    return text


def report_calibration(table: Table, odds: Matrix, point: float) -> None:
    """Print Brier score and expected calibration error, for the mix that 0.5 is right for."""
    share = 0.5 / (0.5 + 0.5 * math.exp(point))
    weights = table.weights * np.where(table.answerable, share / 0.5, (1 - share) / 0.5)
    weights /= weights.sum()
    scores = 1 / (1 + np.exp(point - odds))
    brier = float(np.sum(weights * (scores - table.answerable) ** 2))
    print(f"where {share:.2f} of the questions can be answered: Brier {brier:.3f}", end="")
    error = 0.0
    for low in np.arange(0, 1, 0.1):
        rows = (scores >= low) & (scores < low + 0.1 + 1e-9)
        if weights[rows].sum() > 0:
            right = np.average(table.answerable[rows], weights=weights[rows])
            mean = np.average(scores[rows], weights=weights[rows])
            error += weights[rows].sum() * abs(right - mean)
            print(f"\n    score {mean:.2f} answerable {right:.2f} ({rows.sum()})", end="")
    print(f"\n    expected calibration error {error:.3f}")


if __name__ == "__main__":
    main()
