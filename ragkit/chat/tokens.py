"""A question to its words, each with its place."""

import re
from dataclasses import dataclass

from ragkit.chat.lexicon import ASKING, TITLES

_TOKEN = re.compile(
    r"(?:Dr|Prof|Mr|Mrs|Ms|St)\.|\d+(?:[.,]\d+)+(?!\w)|\w+(?:[-'’./]\w+)*|[^\w\s]", re.IGNORECASE
)
_CONTRACTED = ASKING | {"it", "he", "she", "that", "there"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark, and where it stands."""

    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """It in lower case, without the point of a title; "what" for "what's"."""
        word = self.text.lower().rstrip(".") or self.text
        return word[:-2] if self.is_contracted else word

    @property
    def is_contracted(self) -> bool:
        """Whether it holds an "is": "what's", not "Porter's"."""
        word = self.text.lower().replace("’", "'")
        return word.endswith("'s") and word[:-2] in _CONTRACTED


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the words and marks of a text.

    >>> [token.text for token in tokens_of("Is Dr. Osei's GPT-2 1.5x?")]
    ['Is', 'Dr.', "Osei's", 'GPT-2', '1.5x', '?']
    """
    return tuple(Token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text))


def lowered(text: str) -> str:
    """Return a text that goes on in the middle of a sentence; names keep their capitals.

    >>> lowered("Which one?"), lowered("BERT?"), lowered("Dr. Osei")
    ('which one?', 'BERT?', 'Dr. Osei')
    """
    first = text.split(maxsplit=1)[0] if text.split() else ""
    plain = first[1:].islower() and first.rstrip(".,?").lower() not in TITLES
    return text[:1].lower() + text[1:] if plain or first == "A" else text
