"""Is this sentence backed by its sources? Rules over numbers, names, words, negation and meaning.

A sentence is *quoted* where a source holds it word for word, *supported* where all its numbers and
names and nearly all its content words stand close together in one source, without a negation more
or less, and the meaning is close; else *unsupported*. The rules are meant to err towards
unsupported: what fails is replaced by the source's own words, which costs only fluency.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ragkit.chunking import split_sentences
from ragkit.evidence.matching import stems_of
from ragkit.protocols import Encoder
from ragkit.records import Source, Support
from ragkit.words import STOP_WORDS, content_words, stem, words_of

LEAST_COVERAGE = 0.85
"""Least share of a claim's content words within the window that backs it."""
LEAST_COSINE = 0.55
"""Least cosine between a claim and that window. Source: with all-MiniLM-L6-v2, sentences that share
a topic but not a statement mostly stay below 0.5."""

_WINDOW_SENTENCES = 3
_NEGATIONS = frozenset("not no never none cannot without neither nor nothing hardly".split())
_NUMBER_WORDS = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
        " sixteen seventeen eighteen nineteen twenty".split(),
        map(str, range(1, 21)),
        strict=True,
    )
)


class Verdict(NamedTuple):
    """How far a sentence is backed, and by which source."""

    support: Support
    score: float
    source_id: int | None
    features: Mapping[str, float]
    backing: str = ""
    """The words of the source that back it; empty where none do."""


@dataclass(frozen=True)
class _Window:
    """A few neighbouring sentences of one source, with the headings they stand under."""

    source_id: int
    text: str
    heading: str

    @cached_property
    def stems(self) -> frozenset[str]:
        return stems_of([self.text, self.heading])

    @cached_property
    def text_stems(self) -> frozenset[str]:
        return stems_of([self.text])

    @cached_property
    def counts(self) -> Counter[str]:
        return _count_stems(f"{self.heading} {self.text}")

    @cached_property
    def numbers(self) -> frozenset[str]:
        return numbers_of(f"{self.heading} {self.text}")

    @cached_property
    def negated(self) -> bool:
        return is_negated(self.text)


class SupportChecker:
    """Checks sentences against the passages of some sources.

    Args:
        sources: What may back a sentence.
        encoder: Measures closeness of meaning.
        question: Its words may be repeated in an answer without being backed twice.
    """

    def __init__(self, sources: Sequence[Source], encoder: Encoder, *, question: str = "") -> None:
        self._encoder = encoder
        self._question_stems = stems_of([question])
        self._passages = {source.id: normalise(source.hit.chunk.text) for source in sources}
        self._windows = tuple(window for source in sources for window in _windows_of(source))

    def check(self, text: str) -> Verdict:
        """Return how far a sentence (without citation marks) is backed, and by which source."""
        claim = normalise(text).rstrip(".!?:; ")
        if not content_words(text):
            return Verdict("none", 0.0, None, {})
        for source_id, passage in self._passages.items():
            if _holds(passage, claim):
                return Verdict("quoted", 1.0, source_id, {"verbatim": 1.0}, text)
        return self._best_window(text)

    def _best_window(self, text: str) -> Verdict:
        words = _Claim(text, self._question_stems)
        measured = [(words.measure(window), window) for window in self._windows]
        backed = [pair for pair in measured if _passes(pair[0])]
        pool = backed or measured
        if not pool:
            return Verdict("unsupported", 0.0, None, {})
        features, window = max(pool, key=lambda pair: (pair[0]["coverage"], -len(pair[1].text)))
        features["cosine"] = self._cosine(text, window)
        supported = bool(backed) and features["cosine"] >= LEAST_COSINE
        score = 0.5 * features["coverage"] + 0.5 * max(0.0, features["cosine"])
        if not supported:
            return Verdict("unsupported", score, None, features)
        return Verdict("supported", score, window.source_id, features, window.text)

    def _cosine(self, text: str, window: _Window) -> float:
        claim, backing = self._encoder.encode_passages([text, f"{window.heading}: {window.text}"])
        return float(np.dot(claim, backing))


class _Claim:
    """What a sentence asserts, as words that can be looked for."""

    def __init__(self, text: str, question_stems: frozenset[str]) -> None:
        self.numbers = numbers_of(text)
        self.names = names_of(text)
        self.negated = is_negated(text)
        self.counts = _count_stems(text)
        self.stems = frozenset(self.counts)
        self.new_stems = self.stems - question_stems

    def measure(self, window: _Window) -> dict[str, float]:
        """Return the features by which a window backs the claim; 1.0 is a full match."""
        return {
            "coverage": _share(self.stems, window.stems),
            "new_coverage": _share(self.new_stems, window.text_stems),
            "says_something": float(bool(self.new_stems or self.numbers)),
            "repetition": float(self._repeats_more_than(window)),
            "numbers": float(self.numbers <= window.numbers),
            "names": float(self.names <= window.stems),
            "negation": float(self.negated == window.negated),
        }

    def _repeats_more_than(self, window: _Window) -> bool:
        """Say whether a word comes back where the source does not say it again.

        "ReLU is a special case of ReLU" has all its words from "ReLU is a special case of Maxout".
        """
        return any(n > 1 and n > window.counts[word] for word, n in self.counts.items())


def _passes(features: Mapping[str, float]) -> bool:
    exact = features["numbers"] and features["names"] and features["negation"]
    return bool(
        exact
        and features["says_something"]
        and not features["repetition"]
        and features["new_coverage"] >= LEAST_COVERAGE
        and features["coverage"] >= LEAST_COVERAGE - 0.2
    )


def _count_stems(text: str) -> Counter[str]:
    """Return how often each content word stands in a text; numbers are compared as numbers."""
    words = (word for word in words_of(text) if word not in STOP_WORDS and not _is_number(word))
    return Counter(stem(word) for word in words)


def _share(wanted: frozenset[str], held: frozenset[str]) -> float:
    return len(wanted & held) / len(wanted) if wanted else 1.0


def _windows_of(source: Source) -> list[_Window]:
    chunk = source.hit.chunk
    heading = " ".join(dict.fromkeys((chunk.title, *chunk.heading)))
    sentences = [sentence.text for sentence in split_sentences(chunk.text)]
    return [
        _Window(source.id, " ".join(sentences[first : first + size]), heading)
        for size in range(1, _WINDOW_SENTENCES + 1)
        for first in range(max(1, len(sentences) - size + 1))
    ]


def _holds(passage: str, claim: str) -> bool:
    """Say whether a passage holds a claim of at least three words verbatim, at word boundaries."""
    if claim.count(" ") < 2:
        return False
    at = passage.find(claim)
    while at >= 0:
        before = passage[at - 1 : at]
        after = passage[at + len(claim) : at + len(claim) + 1]
        if not before.isalnum() and not after.isalnum():
            return True
        at = passage.find(claim, at + 1)
    return False


def normalise(text: str) -> str:
    """Return a text with case, quotes, dashes and white space evened out.

    >>> normalise("The “BLEU”  score – 28.4")
    'the "bleu" score - 28.4'
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[“”„«»]", '"', re.sub(r"[‘’‚]", "'", re.sub(r"[‐‑‒–—−]", "-", text)))
    return " ".join(text.split())


def numbers_of(text: str) -> frozenset[str]:
    """Return the numbers of a text, written alike.

    >>> sorted(numbers_of("Twelve layers, 40,000 merges and a rate of 0.10"))
    ['0.1', '12', '40000']
    """
    found = set()
    for number in re.findall(r"\d+(?:[.,]\d+)*", text):
        plain = re.sub(r",(?=\d{3}\b)", "", number).replace(",", ".")
        whole, point, rest = plain.partition(".")
        found.add((whole.lstrip("0") or "0") + (point + rest).rstrip("0").rstrip("."))
    return frozenset(found | {_NUMBER_WORDS[w] for w in words_of(text) if w in _NUMBER_WORDS})


def names_of(text: str) -> frozenset[str]:
    """Return the stems of names and acronyms: capitalised words that do not begin the sentence.

    >>> sorted(names_of("The idea is due to Claude Shannon, not to IBM."))
    ['claud', 'ibm', 'shannon']
    """
    found = re.findall(r"(?<=[\w,;:'\"(/-] )[\"'(]?([A-Z][\w-]*\w|[A-Z])\b", text)
    found += re.findall(r"^[\"'(]?([A-Z]{2,})\b", text)
    parts = (part for name in found for part in words_of(name))
    return frozenset(stem(part) for part in parts if part not in STOP_WORDS)


def _is_number(word: str) -> bool:
    return word in _NUMBER_WORDS or not any(character.isalpha() for character in word)


def is_negated(text: str) -> bool:
    """Say whether a text holds a negation.

    >>> is_negated("It isn't trained."), is_negated("It is trained.")
    (True, False)
    """
    return any(word in _NEGATIONS or word.endswith(("n't", "n’t")) for word in words_of(text))
