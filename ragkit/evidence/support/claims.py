"""What a sentence asserts, measured against a window of a source."""

import re
from collections import Counter
from functools import cached_property

from ragkit.evidence.support.asking import NOTHING_ASKED, Asked
from ragkit.evidence.support.conditions import keeps_conditions
from ragkit.evidence.support.naming import keeps_roles, names_of, stands_near
from ragkit.evidence.support.normal import even_out, squash
from ragkit.evidence.support.polarity import denies_alike, says_no_opposite
from ragkit.evidence.support.quantities import (
    UNIT_STEMS,
    backs_dates,
    backs_numbers,
    read_quantities,
)
from ragkit.evidence.support.reading import content_stems, read_words
from ragkit.evidence.support.substitution import replaces_nothing
from ragkit.evidence.support.windows import Window
from ragkit.evidence.support.wording import FILLERS, means_one_of

_LEAST_SQUASHED = 5
"""A shorter word is found within others by chance."""
_LIGHT = FILLERS | UNIT_STEMS
"""What a claim may add; units are compared with their numbers."""
_SPEAKER = frozenset("i my me mine myself i'm i've i'd i'll".split())
_OF_A_SOURCE = re.compile(
    r"(?i)(?:the|this) (?:source|document|passage|text|excerpt)s? (?:is|are) "
)
"""What a small model says instead of an answer: "The source is a tutorial on keys"."""


class Claim:
    """A sentence to be checked.

    Args:
        text: The sentence, without citation marks.
        asked: What the question lends to it.
    """

    def __init__(self, text: str, asked: Asked = NOTHING_ASKED) -> None:
        self.text = text
        self.quantities = read_quantities(text)
        self.words = read_words(self.quantities.rest)
        self.counts = Counter(content_stems(self.words))
        self.stems = frozenset(self.counts)
        self.new_stems = self.stems - asked.stems
        self._asked = asked
        self.names = names_of(self.quantities.rest)

    @cached_property
    def _first(self) -> str:
        """Stem of the first word where it could be a name; empty where it could not."""
        first = self.words[0] if self.words else None
        return (
            first.stem if first and first.is_content and even_out(self.text)[:1].isupper() else ""
        )

    @cached_property
    def _spelled(self) -> dict[str, str]:
        return {word.stem: squash(word.text) for word in self.words}

    def holds(self, window: Window, stem: str) -> bool:
        """Say whether a window holds a word of the claim, in whatever spelling."""
        if stem in window.stems or means_one_of(stem, window.stems):
            return True
        return self._is_in_letters(stem, window)

    def _replaces_nothing(self, window: Window) -> bool:
        """Say whether no word stands where the window has another that means something else."""

        def fits(stem: str, slot: frozenset[str]) -> bool:
            return (
                stem in slot
                or stem in _LIGHT
                or means_one_of(stem, slot)
                or (stem not in window.stems and self._is_in_letters(stem, window))
            )

        return replaces_nothing(self.words, window.words, fits)

    def _is_in_letters(self, stem: str, window: Window) -> bool:
        """Say whether a window has a word under another spelling: "pretrained", "pre-trained"."""
        letters = self._spelled.get(stem, "")
        return len(letters) >= _LEAST_SQUASHED and letters in window.squashed

    def coverage(self, window: Window) -> float:
        """Return the share of the content words that a window holds, but for light ones."""
        return self._share(self.stems, window)

    def _share(self, wanted: frozenset[str], window: Window) -> float:
        held = sum(self.holds(window, stem) for stem in wanted)
        missing = sum(not self.holds(window, stem) for stem in wanted - _LIGHT)
        return held / (held + missing) if held + missing else 1.0

    def measure(self, window: Window) -> dict[str, float]:
        """Return the features by which a window backs the claim; 1.0 is a full match."""
        return {
            "coverage": self.coverage(window),
            "new_coverage": self._share(self.new_stems, window),
            "says_something": float(self._says_something()),
            "premises": float(not self.stems & self._asked.unsaid - _LIGHT),
            "asserts": float(self._asserts(window)),
            "no_repetition": float(not self._repeats_more_than(window)),
            "numbers": float(backs_numbers(window.quantities, self.quantities, window.stems)),
            "dates": float(backs_dates(window.quantities, self.quantities)),
            "names": float(self._names_are_in(window)),
            "subjects": float(window.subjects_are_in(self.stems)),
            "roles": float(keeps_roles(self.words, window.words)),
            "conditions": float(keeps_conditions(self.words, window.words, self._asked.stems)),
            "negation": float(denies_alike(self.words, window.words)),
            "wording": float(self._replaces_nothing(window)),
            "opposites": float(says_no_opposite(self.words, window.words)),
        }

    def _says_something(self) -> bool:
        """Say whether it holds a number, a date, or a telling word that the question does not."""
        return bool(self.new_stems - FILLERS or self.quantities.numbers or self.quantities.dates)

    def _asserts(self, window: Window) -> bool:
        """Say whether it neither asks nor speaks of speaker or source where the source does not."""
        about_it = _OF_A_SOURCE.match(self.text)
        if about_it and about_it[0].lower() not in f"{window.text.lower()} ":
            return False
        if self.text.rstrip().endswith("?"):
            return False
        speaks = {word.text for word in self.words} & _SPEAKER
        return speaks <= {w.text for w in window.words}

    def _names_are_in(self, window: Window) -> bool:
        wanted = self.names | ({self._first} - _LIGHT - {""})
        if not all(self.holds(window, name) for name in wanted):
            return False
        return stands_near(self.words, window.words, self.names)

    def _repeats_more_than(self, window: Window) -> bool:
        """Say whether a word or number comes back where the source does not say it again.

        "ReLU is a special case of ReLU" has all its words from "ReLU is a special case of Maxout".
        """
        numbers = Counter(number.value for number in self.quantities.numbers)
        given = Counter(number.value for number in window.quantities.numbers)
        if any(n > 1 and n > given[value] for value, n in numbers.items()):
            return True
        repeated = {stem: n for stem, n in self.counts.items() if n > 1 and stem not in _LIGHT}
        if not repeated:
            return False
        held = Counter(word.stem for word in window.words) + Counter(window.heading_stems)
        return any(n > held[stem] for stem, n in repeated.items())
