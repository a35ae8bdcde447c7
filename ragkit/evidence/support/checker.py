"""Is this sentence backed by its sources? Rules over words, numbers, names, negation and meaning.

A sentence is *quoted* where a source says it word for word, *supported* where nearly all its
content words and all its numbers, dates and names stand close together in one source, in the same
parts, with nothing denied, replaced or turned into its opposite, and the meaning is close; else
*unsupported*. The rules are meant to err towards unsupported: what fails is replaced by the
source's own words, which costs only fluency.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from ragkit.evidence.matching import stems_of
from ragkit.evidence.support.asking import Asked
from ragkit.evidence.support.claims import Claim
from ragkit.evidence.support.instructions import find_instructions, is_about_instructions
from ragkit.evidence.support.short import ShortAnswers
from ragkit.evidence.support.verbatim import VerbatimText
from ragkit.evidence.support.verdicts import Verdict
from ragkit.evidence.support.windows import Window, windows_of
from ragkit.protocols import Encoder
from ragkit.records import Source
from ragkit.words import content_words

LEAST_COVERAGE = 0.85
"""Least share of a claim's content words within the window that backs it."""
LEAST_COSINE = 0.55
"""Least cosine between a claim and that window. Source: with all-MiniLM-L6-v2, sentences that share
a topic but not a statement mostly stay below 0.5."""

EXACT = (
    "asserts",
    "says_something",
    "premises",
    "no_repetition",
    "numbers",
    "dates",
    "names",
    "subjects",
    "roles",
    "wording",
    "conditions",
    "negation",
    "opposites",
)
"""Features that are 1 or 0, and have to be 1."""
VIOLATION_COST = 0.15
"""What each of them that is 0 takes from the score."""

LEAST_COSINE_OF_FEW = 0.75
"""The same for a claim of at most two content words, which a longer text holds by chance."""

_FEW_WORDS = 2
_MEASURED_WINDOWS = 8
"""Windows that hold the most of a claim's words; the others are not looked at closely."""
_CLAUSES = re.compile(r";\s+|,\s+(?:and|but|while|whereas)\s+")
_LEAST_CLAUSE_WORDS = 3
_SUBJECT_STARTS = frozenset("the a an this these those it they he she its their".split())


class SupportChecker:
    """Checks sentences against the passages of some sources.

    Args:
        sources: What may back a sentence.
        encoder: Measures closeness of meaning; None to go by words alone.
        question: Its words may refer to what a source says elsewhere; what no source says is not
            backed by it. Where it is not about them, sentences that tell a model what to do back
            nothing.
    """

    def __init__(
        self, sources: Sequence[Source], encoder: Encoder | None, *, question: str = ""
    ) -> None:
        self._encoder = encoder
        self._known: dict[tuple[str, tuple[int, ...]], Verdict] = {}
        about_them = is_about_instructions(question)
        found = {s.id: () if about_them else find_instructions(s.hit.chunk.text) for s in sources}
        self._passages = {s.id: VerbatimText(s.hit.chunk.text, found[s.id]) for s in sources}
        self._windows = tuple(chain.from_iterable(windows_of(s, found[s.id]) for s in sources))
        self._short = ShortAnswers(question, self._windows, encoder)
        self._asked = Asked(stems_of([question]), self._unsaid(question))

    def _unsaid(self, question: str) -> frozenset[str]:
        """Return the stems of a question that no source holds."""
        words = Claim(question)
        said = (stem for stem in words.stems if any(words.holds(w, stem) for w in self._windows))
        return words.stems - frozenset(said)

    def check(self, text: str, cited: Sequence[int] = ()) -> Verdict:
        """Return how far a sentence (without citation marks) is backed, and by which sources.

        Args:
            text: The sentence.
            cited: Sources that it names; one of them is preferred where it backs it as well.
        """
        key = (text, tuple(cited))
        if key not in self._known:
            self._known[key] = self._check(text, cited)
        return self._known[key]

    def _check(self, text: str, cited: Sequence[int]) -> Verdict:
        if not content_words(text):
            return Verdict("none", 0.0, (), {})
        short = self._short.check(text, cited)
        if short is not None:
            return short
        for number in sorted(self._passages, key=lambda number: number not in cited):
            if self._passages[number].says(text, known=self._asked.stems):
                return Verdict("quoted", 1.0, (number,), {"verbatim": 1.0}, text)
        verdict = self._best_window(text, cited)
        if verdict.source_ids:
            return verdict
        return self._clause_by_clause(text, cited) or verdict

    def _best_window(self, text: str, cited: Sequence[int]) -> Verdict:
        claim = Claim(text, self._asked)
        pool = sorted(self._windows, key=lambda w: (-claim.coverage(w), len(w.sentences)))
        measured = [(claim.measure(window), window) for window in pool[:_MEASURED_WINDOWS]]
        if not measured:
            return Verdict("unsupported", 0.0, (), {})
        backed = [pair for pair in measured if _passes(pair[0])]
        chosen = [pair for pair in backed if pair[1].source_id in cited] or backed or measured
        features, window = max(chosen, key=_rank)
        features["cosine"] = self._cosine(claim, window)
        score = _score(features)
        few = len(claim.stems) <= _FEW_WORDS
        least = LEAST_COSINE_OF_FEW if few else LEAST_COSINE
        if not backed or features["cosine"] < least:
            return Verdict("unsupported", score, (), features)
        return Verdict("supported", score, (window.source_id,), features, window.text)

    def _clause_by_clause(self, text: str, cited: Sequence[int]) -> Verdict | None:
        """Return the verdict on a sentence whose clauses are backed one by one; None where not."""
        clauses = _CLAUSES.split(text.rstrip(".!; "))
        if len(clauses) < 2 or not all(_stands_alone(clause) for clause in clauses):
            return None
        parts = [self._best_window(clause, cited) for clause in clauses]
        if not all(part.source_ids for part in parts):
            return None
        weakest = min(parts, key=lambda part: part.score)
        numbers = tuple(dict.fromkeys(number for part in parts for number in part.source_ids))
        backing = " ".join(dict.fromkeys(part.backing for part in parts))
        return Verdict("supported", weakest.score, numbers, weakest.features, backing)

    def _cosine(self, claim: Claim, window: Window) -> float:
        """Return the closeness in meaning to a window or to the part of it that holds the words.

        Without an encoder the share of the words that it holds stands in for it.
        """
        if self._encoder is None:
            return claim.coverage(window)
        held = f"{window.heading}: {window.text}" if window.heading else window.text
        texts = [claim.text, held, window.part_holding(claim.stems)]
        rows = self._encoder.encode_passages(texts)
        return float(np.max(rows[1:] @ rows[0]))


def _rank(pair: tuple[dict[str, float], Window]) -> tuple[float, float, int]:
    features, window = pair
    exact = sum(features[name] for name in EXACT)
    return (features["coverage"], exact, -len(window.text))


def _passes(features: Mapping[str, float]) -> bool:
    return (
        all(features[name] for name in EXACT)
        and features["new_coverage"] >= LEAST_COVERAGE
        and features["coverage"] >= LEAST_COVERAGE - 0.2
    )


def _score(features: Mapping[str, float]) -> float:
    """Return the mean of coverage and cosine, less something for every exact feature that fails."""
    close = 0.5 * features["coverage"] + 0.5 * max(0.0, features["cosine"])
    failed = sum(not features[name] for name in EXACT)
    return max(0.0, close - VIOLATION_COST * failed)


def _stands_alone(clause: str) -> bool:
    """Say whether a clause names its own subject.

    >>> _stands_alone("BERT has twelve layers"), _stands_alone("has twelve layers of it")
    (True, False)
    """
    words = clause.split()
    if len(content_words(clause)) < _LEAST_CLAUSE_WORDS or not words:
        return False
    return words[0][:1].isupper() or words[0].lower() in _SUBJECT_STARTS
