"""Does a source give a short answer to the question? "France." says nothing by itself.

A few words are backed by any sentence that holds them. So one place has to hold both: the words of
the answer, one after the other, and enough of what is asked, with nothing of it denied or turned
into its opposite. Who does what to whom is not understood.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from ragkit.evidence.support.polarity import denies_alike, says_no_opposite
from ragkit.evidence.support.quantities import backs_dates, read_quantities
from ragkit.evidence.support.reading import content_stems, read_words
from ragkit.evidence.support.verbatim import LEAST_WORDS, split_parts
from ragkit.evidence.support.verdicts import Verdict
from ragkit.evidence.support.windows import VERBS, Window
from ragkit.evidence.support.wording import FILLERS, means_one_of
from ragkit.protocols import Encoder
from ragkit.records import Support
from ragkit.words import stem

LEAST_NEARNESS = 0.3
"""Least mean of the share of the question's telling words that the place of an answer holds, and
of the cosine between them. Source: of 600 right answers in SQuAD 2.0 form, beside two other
passages of their articles, .96 are kept with all rules here; of 600 plausible ones to questions
that the passage does not answer .76 are, which is left to the model's own judgement."""

_MOST_WORDS = 12
"""A longer one says what it is about by itself."""
_EDGES = frozenset("a an the in on at by to of from for as about with".split())
"""What an answer may begin or end with that its source has not."""
_MEASURED_PLACES = 8
"""Places with the most of the question's words; the others are not looked at closely."""
_FIGURES = re.compile(r"\d[\d.,]*\d")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff]")
"""Scripts without spaces: their words cannot be told, so there is no saying which are few."""
_EXACT = ("says_something", "numbers", "dates", "negation", "opposites")
"""Features that are 1 or 0, and have to be 1."""


class Place(NamedTuple):
    """A window that holds the words of an answer, and how it stands to the question."""

    window: Window
    features: dict[str, float]

    @property
    def gives_it(self) -> bool:
        """Whether it gives the answer to the question."""
        return _nearness(self.features) >= LEAST_NEARNESS and all(
            self.features[name] for name in _EXACT
        )


class ShortAnswers:
    """Checks answers of a few words to one question.

    Args:
        question: As the user asked it.
        windows: What may back an answer.
        encoder: Measures closeness of meaning; None to go by words alone.
    """

    def __init__(self, question: str, windows: Sequence[Window], encoder: Encoder | None) -> None:
        self._question = question.strip().rstrip("?")
        self._stems = frozenset(content_stems(read_words(question))) - FILLERS
        self._figures = _figures_in(question)
        self._dates = read_quantities(question)
        self._is_choice = " or " in question
        self._windows = windows
        self._sentences = [window for window in windows if len(window.sentences) == 1]
        self._encoder = encoder

    def check(self, text: str, cited: Sequence[int] = ()) -> Verdict | None:
        """Return how far some words are backed as an answer; None where they are no short one.

        Args:
            text: The words, without citation marks.
            cited: Sources that they name; one of them is preferred where it backs them as well.
        """
        parts = split_parts(text)
        if not self._question or len(parts) > _MOST_WORDS or not VERBS.isdisjoint(parts):
            return None
        if _UNSPACED.search(text):
            return None
        wanted = _trimmed(parts)
        few = len(parts) < LEAST_WORDS
        if not wanted or (not few and self._is_sentence(wanted)):
            return None
        found = [w for w in self._windows if _runs_in(w, wanted, stem) or _is_spelled_in(w, wanted)]
        if not found:
            figures = any(part[0].isdigit() for part in wanted)
            return Verdict("unsupported", 0.0, (), {}) if few and not figures else None
        best = max(self._places(text, wanted, found), key=lambda place: _rank(place, cited))
        score = _nearness(best.features)
        if not best.gives_it:
            return Verdict("unsupported", score, (), best.features)
        support: Support = "quoted" if best.features["verbatim"] else "supported"
        return Verdict(support, score, (best.window.source_id,), best.features, best.window.text)

    def _is_sentence(self, wanted: Sequence[str]) -> bool:
        return any(_trimmed(split_parts(w.text)) == wanted for w in self._sentences)

    def _places(self, text: str, wanted: Sequence[str], found: Sequence[Window]) -> Iterator[Place]:
        """Yield the windows with the most of the question's words, measured."""
        near = sorted(found, key=lambda w: (-self._coverage(w), len(w.sentences)))
        near = near[:_MEASURED_PLACES]
        for window, cosine in zip(near, self._cosines(near), strict=True):
            words = read_words(f"{self._question} {text}")
            yield Place(
                window,
                {
                    "verbatim": float(_runs_in(window, tuple(wanted), str)),
                    "question_coverage": self._coverage(window),
                    "question_cosine": cosine,
                    "says_something": float(self._is_choice or self._is_new(wanted)),
                    "numbers": float(self._figures <= self._figures_of(window.source_id)),
                    "dates": float(backs_dates(window.quantities, self._dates)),
                    "negation": float(denies_alike(words, window.words)),
                    "opposites": float(says_no_opposite(words, window.words)),
                },
            )

    def _coverage(self, window: Window) -> float:
        """Return the share of the question's telling words that a window holds; 1 of none."""
        held = [s in window.stems or means_one_of(s, window.stems) for s in self._stems]
        return sum(held) / len(held) if held else 1.0

    def _cosines(self, windows: Sequence[Window]) -> Sequence[float]:
        if self._encoder is None:
            return [self._coverage(window) for window in windows]
        asked = self._encoder.encode_queries([self._question])[0]
        rows = self._encoder.encode_passages([window.text for window in windows])
        return [float(cosine) for cosine in rows @ asked]

    def _is_new(self, wanted: Sequence[str]) -> bool:
        """Say whether an answer has a word that the question has not."""
        asked = {stem(part) for part in split_parts(self._question)}
        return any(stem(part) not in asked for part in wanted)

    def _figures_of(self, source_id: int) -> frozenset[str]:
        """Return the figures of a source and of the headings that it stands under."""
        texts = (f"{w.heading} {w.text}" for w in self._sentences if w.source_id == source_id)
        return _figures_in(" ".join(texts))


def _figures_in(text: str) -> frozenset[str]:
    """Return the numbers of at least two figures in a text.

    >>> sorted(_figures_in("In the 1960s, 1,200 of 3."))
    ['1200', '1960']
    """
    return frozenset(figures.replace(",", "") for figures in _FIGURES.findall(text))


def _trimmed(parts: Sequence[str]) -> tuple[str, ...]:
    """Return the parts of an answer without the small words at its ends.

    >>> _trimmed(["in", "the", "mill", "of", "aldrunn", "at"])
    ('mill', 'of', 'aldrunn')
    """
    kept = [at for at, part in enumerate(parts) if part not in _EDGES]
    return tuple(parts[kept[0] : kept[-1] + 1]) if kept else ()


def _runs_in(window: Window, wanted: tuple[str, ...], form: Callable[[str], str]) -> bool:
    """Say whether a sentence of a window that asks nothing has some parts, one after the other.

    Args:
        window: The window.
        wanted: The parts.
        form: What of a part is compared.
    """
    run = [form(part) for part in wanted]
    for sentence in window.sentences:
        held = [form(part) for part in _parts_of(sentence)]
        if any(held[at : at + len(run)] == run for at in range(len(held) - len(run) + 1)):
            return True
    return False


def _is_spelled_in(window: Window, wanted: Sequence[str]) -> bool:
    """Say whether a window has some words that are spelled together or apart: "pre-trained".

    >>> window = Window(1, ("The pre-trained weights fit 8 GB.",), "")
    >>> _is_spelled_in(window, ["pretrained"]), _is_spelled_in(window, ["trainedweights", "fit"])
    (True, True)
    >>> _is_spelled_in(window, ["train"])
    False
    """
    letters = "".join(wanted)
    for sentence in window.sentences:
        parts = _parts_of(sentence)
        for first in range(len(parts)):
            if letters in accumulate(parts[first : first + len(letters)]):
                return True
    return False


@lru_cache(maxsize=4096)
def _parts_of(sentence: str) -> tuple[str, ...]:
    """Return the parts of a sentence; none of a question."""
    return () if sentence.rstrip().endswith("?") else tuple(split_parts(sentence))


def _nearness(features: Mapping[str, float]) -> float:
    """Return the mean of the question's coverage and its cosine, 0 to 1."""
    near = 0.5 * features["question_coverage"] + 0.5 * features["question_cosine"]
    return min(1.0, max(0.0, near))


def _rank(place: Place, cited: Sequence[int]) -> tuple[bool, bool, int, float]:
    """Order places: those that give the answer, are cited, are short, are near the question."""
    window, features = place
    is_cited = window.source_id in cited
    return (place.gives_it, is_cited, -len(window.sentences), _nearness(features))
