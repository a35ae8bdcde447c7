"""What came of questions in SQuAD 2.0 form, measured: each measure is a share with its interval.

EM, F1          exact match and token F1 of the whole text that is shown, without citation marks
first: EM, F1   of its first sentence alone: the measures were made for spans of a few words, and a
                shown sentence can hardly match one exactly
held            answerable questions to which an accepted answer is shown, whatever else is said
abstention P    of the abstentions, those on unanswerable questions
abstention R    of the unanswerable questions, those abstained on
abstention F1   the harmonic mean of the two
over-refusal    of the answerable questions, those abstained on
hallucinated    of all questions, those to which something is shown that holds no accepted answer
valid citation  of the completions that assert something, those that name a source of their prompt
                and no number that is none
backed          of the sentences of completions, those that a source backs

The last two are those of completions as they are ("raw"). Nothing here asks a model.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ragkit.evaluation.scoring import exact_match, holds_answer, token_f1
from ragkit.evaluation.statistics import Estimate, ratio_bootstrap
from ragkit.evidence import parse_citations

RESAMPLES = 2_000


class Outcome(NamedTuple):
    """What was shown to a question in one way."""

    id: str
    mode: str
    question: str
    answers: Sequence[str]
    shown: str = ""
    first: str = ""
    """The first sentence of what is shown."""
    abstained: bool = True
    seconds: float | None = None
    article: str = ""
    """That of its paragraph; empty where the file is older than the field."""
    cited: Sequence[int] | None = None
    """Numbers that the completion names as its sources; None but for the raw mode."""
    valid: Sequence[int] | None = None
    """Those of them that are sources of the prompt."""
    sentences: int | None = None
    """Of the completion."""
    unbacked: int | None = None
    """Those of them that no source backs."""

    @property
    def said(self) -> str:
        """What is shown, without citation marks: only a completion as it is has any."""
        if self.mode != "raw":
            return self.shown
        return " ".join(sentence.text for sentence in parse_citations(self.shown))

    @property
    def holds(self) -> bool:
        """Whether an accepted answer stands in what is shown."""
        return not self.abstained and holds_answer(self.answers, self.said)


class Part(NamedTuple):
    """What one outcome adds to a share."""

    of: float
    """To what is counted."""
    out_of: float
    """To what there is; 0 where the outcome does not matter."""


Measure = Callable[[Outcome], Part]
NOTHING = Part(0, 0)


def _answerable(measure: Measure) -> Measure:
    return lambda outcome: measure(outcome) if outcome.answers else NOTHING


def _unanswerable(measure: Measure) -> Measure:
    return lambda outcome: NOTHING if outcome.answers else measure(outcome)


def _em(outcome: Outcome) -> Part:
    return Part(exact_match(outcome.said, outcome.answers), 1)


def _f1(outcome: Outcome) -> Part:
    return Part(token_f1(outcome.said, outcome.answers), 1)


def _first_em(outcome: Outcome) -> Part:
    return Part(exact_match(outcome.first, outcome.answers), 1)


def _first_f1(outcome: Outcome) -> Part:
    return Part(token_f1(outcome.first, outcome.answers), 1)


def _held(outcome: Outcome) -> Part:
    return Part(outcome.holds, 1)


def _abstained(outcome: Outcome) -> Part:
    return Part(outcome.abstained, 1)


def _precision(outcome: Outcome) -> Part:
    return Part(outcome.abstained and not outcome.answers, outcome.abstained)


def _abstention_f1(outcome: Outcome) -> Part:
    right = outcome.abstained and not outcome.answers
    return Part(2 * right, outcome.abstained + (not outcome.answers))


def _hallucinated(outcome: Outcome) -> Part:
    return Part(not outcome.abstained and not outcome.holds, 1)


def _valid_citation(outcome: Outcome) -> Part:
    if outcome.abstained or outcome.cited is None:
        return NOTHING
    return Part(0 < len(outcome.cited) == len(outcome.valid or ()), 1)


def _backed(outcome: Outcome) -> Part:
    sentences = outcome.sentences or 0
    return Part(sentences - (outcome.unbacked or 0), sentences)


MEASURES: dict[str, Measure] = {
    "EM": _em,
    "F1": _f1,
    "F1, answerable": _answerable(_f1),
    "F1, unanswerable": _unanswerable(_f1),
    "first: EM": _first_em,
    "first: F1": _first_f1,
    "first: F1, answerable": _answerable(_first_f1),
    "held": _answerable(_held),
    "abstention P": _precision,
    "abstention R": _unanswerable(_abstained),
    "abstention F1": _abstention_f1,
    "over-refusal": _answerable(_abstained),
    "hallucinated": _hallucinated,
    "valid citation": _valid_citation,
    "backed": _backed,
}


def measure(outcomes: Sequence[Outcome], name: str) -> Estimate | None:
    """Return a measure of some outcomes with its interval, articles drawn anew; None of nothing.

    >>> right = Outcome("1", "raw", "Who?", ["Rollo"], shown="Rollo [1].", abstained=False)
    >>> wrong = right._replace(id="2", shown="Rolf [1].")
    >>> measure([right, wrong], "EM").mean, measure([right, wrong], "backed")
    (0.5, None)
    """
    parts = [MEASURES[name](outcome) for outcome in outcomes]
    return ratio_bootstrap(
        [part.of for part in parts],
        [part.out_of for part in parts],
        [cluster_of(outcome) for outcome in outcomes],
        resamples=RESAMPLES,
    )


def cluster_of(outcome: Outcome) -> str:
    """Return what an outcome shares its luck with: the others of its article, where it is known."""
    return outcome.article or outcome.id


def percent(estimate: Estimate | None) -> str:
    """Return a share in percent with its interval; "-" for one that is undefined.

    >>> percent(Estimate(0.5, 0.25, 0.753, 8)), percent(None)
    ('50.0 [25.0, 75.3]', '-')
    """
    if estimate is None:
        return "-"
    mean = f"{100 * estimate.mean:.1f}"
    if estimate.low is None or estimate.high is None:
        return mean
    return f"{mean} [{100 * estimate.low:.1f}, {100 * estimate.high:.1f}]"
