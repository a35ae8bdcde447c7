"""Sentences that can stand alone: one that leans on its neighbour is kept together with it."""

from ragkit.chunking import split_sentences
from ragkit.records import Sentence
from ragkit.words import words_of

_LEANING = frozenset(
    """it this that these those they them he she its their his her such so therefore thus hence
    however but and or both neither otherwise instead then also again here""".split()
)
"""First words by which a sentence points back at the one before it."""

_FRAGMENT_WORDS = 4
"""A "sentence" of so few words before another is a term about to be explained: "KV cache. ..."."""
_MOST_WORDS = 60
"""Nothing is added to a unit as long as this."""


def split_units(text: str) -> tuple[Sentence, ...]:
    """Return the units of a text, in order; each is one sentence or a few that hang together.

    >>> [unit.text for unit in split_units("KV cache. Stored keys. It saves time. Beams differ.")]
    ['KV cache. Stored keys. It saves time.', 'Beams differ.']
    """
    units: list[Sentence] = []
    for sentence in split_sentences(text):
        start = sentence.start
        if units and _belongs_together(text, units[-1], sentence):
            start = units.pop().start
        units.append(Sentence(text[start : sentence.end], start, sentence.end))
    return tuple(units)


def _belongs_together(text: str, before: Sentence, sentence: Sentence) -> bool:
    if "\n" in text[before.end : sentence.start]:
        return False
    length = len(words_of(before.text))
    if length <= _FRAGMENT_WORDS:
        return True
    words = words_of(sentence.text)[:4]
    leans = bool(_LEANING.intersection(words[:1])) or "therefore" in words
    return leans and length < _MOST_WORDS
