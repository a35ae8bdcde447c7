"""Words as FTS5 expressions, quoted so that nothing a user types is an operator."""

import re
import unicodedata

from ragkit.words import STOP_WORDS

_WORD = re.compile(r"\w+")
_MOST_REPEATED = 256
"""Words of a query that are still searched for as often as they stand: SQLite's time grows with
their square (1,000 words: 0.1 s; 20,000: 38 s)."""


def telling_words(text: str) -> tuple[str, ...]:
    """Return the words of a text to search for, in order: all of them if none is telling.

    A word that a long question says twice counts twice. Source: nDCG@10 on the 76 long queries of
    cisi is .394 so and .348 with each word once; adi .517 and .505, cranfield .396 and .395.

    >>> telling_words('What is "mean pooling" OR NEAR(x)?')
    ('mean', 'pooling', 'NEAR', 'x')
    >>> telling_words("who is it")
    ('who', 'is', 'it')
    """
    found = _words_of(text)
    words = tuple(found if len(found) <= _MOST_REPEATED else dict.fromkeys(found))
    return tuple(word for word in words if word.lower() not in STOP_WORDS) or words


def match_prefix(word: str) -> str:
    """Return an expression that matches the words which begin like this one.

    >>> match_prefix("exam")
    '"exam" *'
    """
    return f"{match_phrase(word)} *"


def match_phrase(text: str) -> str:
    """Return an expression that matches all words of a text, next to each other in this order.

    >>> match_phrase("top-k")
    '"top k"'
    """
    return f'"{" ".join(_words_of(text))}"'


def _words_of(text: str) -> list[str]:
    # "e" with a combining accent, as macOS writes it, would end a word.
    return _WORD.findall(unicodedata.normalize("NFC", text))
