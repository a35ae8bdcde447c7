"""Words as FTS5 expressions, quoted so that nothing a user types is an operator."""

import re
import unicodedata

from ragkit.words import STOP_WORDS

_WORD = re.compile(r"\w+")


def match_any(text: str) -> str:
    """Return an expression that matches any telling word of a text; empty if it has no word.

    >>> match_any('What is "mean pooling" OR NEAR(x)?')
    '"mean" OR "pooling" OR "NEAR" OR "x"'
    >>> match_any("who is it")
    '"who" OR "is" OR "it"'
    """
    words = list(dict.fromkeys(_words_of(text)))
    telling = [word for word in words if word.lower() not in STOP_WORDS] or words
    return " OR ".join(f'"{word}"' for word in telling)


def match_phrase(text: str) -> str:
    """Return an expression that matches all words of a text, next to each other in this order.

    >>> match_phrase("top-k")
    '"top k"'
    """
    return f'"{" ".join(_words_of(text))}"'


def _words_of(text: str) -> list[str]:
    # "e" with a combining accent, as macOS writes it, would end a word.
    return _WORD.findall(unicodedata.normalize("NFC", text))
