"""Does a passage say a sentence word for word? Case, quotes, hyphens and stops do not count."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ragkit.chunking import split_sentences
from ragkit.evidence.support.conditions import keeps_conditions
from ragkit.evidence.support.instructions import holds_instruction
from ragkit.evidence.support.normal import normalise
from ragkit.evidence.support.polarity import is_negation
from ragkit.evidence.support.reading import Word, read_words
from ragkit.records import Sentence

LEAST_WORDS = 3
"""Fewer words in common are chance, not a quotation."""

_PART = re.compile(r"[$€]|(?:(?<=\s)|^)-(?=\d)|\w+(?:[.,]\d+)*(?:'\w+)?|%")
_CONDITIONS = frozenset("if unless whether suppose assume imagine".split())


class Span(NamedTuple):
    """Words of a passage from first to before last."""

    first: int
    last: int


class VerbatimText:
    """A passage in which sentences are looked for word for word.

    Args:
        text: The passage.
        instructions: Sentences of it that say nothing to a reader.
    """

    def __init__(self, text: str, instructions: Sequence[Sentence] = ()) -> None:
        sentences = split_sentences(text)
        self._instructing = {
            number for number, s in enumerate(sentences) if holds_instruction(s, instructions)
        }
        self._words: list[str] = []
        self._sentence_of: list[int] = []
        self._sentences = [sentence.text for sentence in sentences]
        for number, sentence in enumerate(self._sentences):
            parts = split_parts(sentence)
            self._words += parts
            self._sentence_of += [number] * len(parts)

    def says(self, claim: str, *, known: frozenset[str] = frozenset()) -> bool:
        """Say whether the passage asserts these words, one after the other, on no other condition.

        Args:
            claim: The words.
            known: Stems of the question, which may name the condition.

        >>> passage = VerbatimText("No one knows that dropout helps BERT. Layers “pre-train” it.")
        >>> passage.says("layers 'pre-train' it"), passage.says("Dropout helps BERT")
        (True, False)
        """
        wanted = split_parts(claim)
        if len(wanted) < LEAST_WORDS:
            return False
        asks = claim.rstrip().endswith("?")
        words = read_words(claim)
        return any(
            self._asserts(span, asks=asks) and keeps_conditions(words, self._around(span), known)
            for span in self._find(wanted)
        )

    def _around(self, span: Span) -> tuple[Word, ...]:
        """Return the words of the sentence in which a span begins."""
        return read_words(self._sentences[self._sentence_of[span.first]])

    def _find(self, wanted: Sequence[str]) -> list[Span]:
        size = len(wanted)
        return [
            Span(at, at + size)
            for at, word in enumerate(self._words)
            if word == wanted[0] and self._words[at : at + size] == wanted
        ]

    def _asserts(self, span: Span, *, asks: bool) -> bool:
        """Say whether what stands before the words in their sentence leaves them asserted."""
        if self._instructing.intersection(self._sentence_of[span.first : span.last]):
            return False
        number = self._sentence_of[span.first]
        sentence = self._sentences[number]
        if sentence.rstrip().endswith("?") and not asks:
            return False
        start = self._sentence_of.index(number)
        lead = self._words[start : span.first]
        if not lead:
            return True
        words = read_words(sentence)
        clause = words[min(len(lead), len(words) - 1)].clause if words else 0
        near = tuple(word for word in words[: len(lead)] if word.clause == clause)
        denied = any(is_negation(near, at) for at in range(len(near)))
        return not denied and lead[-1] not in _CONDITIONS


def split_parts(text: str) -> list[str]:
    """Return the words, numbers and signs of a text, in one spelling.

    >>> split_parts("“Up-to-date”: -0.5 and 40,000 (5 %).")
    ['up', 'to', 'date', '-', '0.5', 'and', '40000', '5', '%']
    """
    parts = _PART.findall(normalise(text))
    return [re.sub(r",(?=\d{3}\b)", "", part) for part in parts]
