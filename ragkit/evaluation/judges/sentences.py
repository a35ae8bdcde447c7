"""The sentences of answers, judged: a pass over a run after its questions were asked.

What a judge says is kept with each outcome, so that a run can be scored again without it. It judges
each sentence against all passages that the prompt held, whichever the sentence cites.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ragkit.evaluation.judges.cards import require_cards
from ragkit.evaluation.judges.claims import LabelledClaim
from ragkit.evaluation.measures.numbers import with_estimate
from ragkit.evaluation.protocols import Judge
from ragkit.evaluation.records import BASE_AXIS, VIEWS, JudgeCard, Metric, Outcome, Scored, View
from ragkit.evaluation.statistics import ratio_bootstrap
from ragkit.protocols import Progress, ProgressListener, ignore_progress

JUDGED = "judged"
"""In `Outcome.extra`: by judge and view, the score of each sentence."""


@dataclass(frozen=True, slots=True)
class CheckedJudge:
    """A judge, and how far it agrees with people."""

    judge: Judge
    cards: tuple[JudgeCard, ...]
    """That over most claims first: its threshold is used."""


def check_judge(judge: Judge, evals_dir: Path) -> CheckedJudge:
    """Return a judge with its cards.

    Raises:
        UsageError: It was never checked against people.
    """
    return CheckedJudge(judge, require_cards(judge, evals_dir))


def judge_outcomes(
    judges: Sequence[CheckedJudge],
    scored: Sequence[Scored],
    *,
    on_progress: ProgressListener = ignore_progress,
) -> tuple[Scored, ...]:
    """Return outcomes with what judges say of the sentences of their answers.

    Those of variants are left as they are; a sentence that a judge has scored before is not judged
    again.
    """
    found = []
    for at, one in enumerate(scored):
        on_progress(Progress("judging", at, len(scored), one.outcome.sample_id))
        found.append(replace(one, outcome=_judge(judges, one.outcome)))
    on_progress(Progress("judging", len(scored), len(scored)))
    return tuple(found)


def _judge(judges: Sequence[CheckedJudge], outcome: Outcome) -> Outcome:
    if outcome.call != "ask" or outcome.axis != BASE_AXIS or not outcome.passages:
        return outcome
    before = outcome.extra.get(JUDGED, {})
    after = {
        checked.judge.name: before.get(checked.judge.name) or _score(checked.judge, outcome)
        for checked in judges
    }
    return replace(outcome, extra={**outcome.extra, JUDGED: {**before, **after}})


def _score(judge: Judge, outcome: Outcome) -> dict[View, list[float]]:
    """Return the score of each asserted sentence by view; an abstention asserts none."""
    passages = tuple(passage.text for passage in outcome.passages)
    found: dict[View, list[float]] = {}
    for view in VIEWS:
        reading = outcome.readings.get(view)
        if reading is not None:
            said = () if reading.abstained else reading.sentences
            claims = [LabelledClaim(one.text, passages, supported=False) for one in said]
            found[view] = list(judge.score(claims)) if claims else []
    return found


def measure_grounded(scored: Sequence[Scored], cards: Sequence[JudgeCard]) -> tuple[Metric, ...]:
    """Return the share of sentences that each judge takes for backed, by view.

    Args:
        scored: Outcomes that were judged.
        cards: Of the judges, as many as there are; of each the first one's threshold is used.
    """
    first: dict[str, JudgeCard] = {}
    for card in cards:
        first.setdefault(card.judge, card)
    return tuple(metric for card in first.values() for metric in _measure(scored, card))


def _measure(scored: Sequence[Scored], card: JudgeCard) -> Iterator[Metric]:
    for view in VIEWS:
        backed, said, bases = [], [], []
        for one in scored:
            scores = one.outcome.extra.get(JUDGED, {}).get(card.judge, {}).get(view)
            if scores is not None:
                backed.append(float(sum(score >= card.threshold for score in scores)))
                said.append(float(len(scores)))
                bases.append(one.outcome.base_id)
        estimate = ratio_bootstrap(backed, said, bases)
        metric = Metric(
            name=f"grounded_by_{card.judge}",
            title=f"Sentences that judge {card.judge} takes for backed",
            value=None,
            undefined=sum(not count for count in said),
            tier=card.tier,
            view=view,
            group="judges",
            better="higher",
            note=f"it agrees with people on {card.data} at a balanced accuracy of "
            f"{card.balanced_accuracy:.2f} [{card.balanced_accuracy_low:.2f}, "
            f"{card.balanced_accuracy_high:.2f}], where .50 is guessing",
        )
        yield replace(with_estimate(metric, estimate), n=int(sum(said)))
