"""Which words of a text tell what it is about, and which words are forms of the same one."""

import re
from functools import lru_cache
from threading import Lock
from typing import Any

STOP_WORDS = frozenset(
    """a an the this that these those i me my we us our you your he him his she her it its they them
    their what which who whom whose when where why how is are was were be been being am do does did
    doing have has had having can could shall should will would may might must of in on at by for
    with about against between into through during before after above below to from up down out off
    over under again further then once here there all any both each few more most other some such no
    nor not only own same so than too very s t d ll m re ve and but if or because as until while
    also just please tell explain describe give""".split()
)
"""Source: the closed word classes of English, and the verbs that ask for an answer."""

LEAST_PREFIX_LETTERS = 4
"""A word that no chunk holds stands for those that begin with it, unless it is shorter."""

_STEMMING = Lock()  # a stemmer holds the word that it is at
_WORD = re.compile(r"\w+(?:[.,]\d+)*(?:['’]\w+)?")  # "0.7" and "40,000" are one word


def words_of(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a text, lower case, in order.

    >>> words_of("GPT-3 has 96 layers; it's trained with top-p = 0.95.")
    ('gpt', '3', 'has', '96', 'layers', "it's", 'trained', 'with', 'top', 'p', '0.95')
    """
    return tuple(word.lower() for word in _WORD.findall(text))


def is_whole_text(text: str) -> bool:
    """Say whether a text can be written down as UTF-8: it holds no half of a character.

    >>> is_whole_text("naïve"), is_whole_text(chr(0xD800))
    (True, False)
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def find_words(text: str, words: str) -> int:
    """Return where some words stand in a text, whole; -1 where they do not.

    >>> find_words("In 2010 they had 10.", "10"), find_words("In 2010", "10")
    (17, -1)
    """
    found = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) if words else None
    return found.start() if found else -1


def content_words(text: str) -> tuple[str, ...]:
    """Return the words that tell what a text is about, each once, in order.

    >>> content_words("What is the learning rate of the optimiser?")
    ('learning', 'rate', 'optimiser')
    """
    return tuple(dict.fromkeys(word for word in words_of(text) if word not in STOP_WORDS))


def stem(word: str) -> str:
    """Return the form that a word shares with its inflections.

    >>> stem("Pooling") == stem("pooled") == stem("pool's")
    True

    Source: Porter 1980, "An algorithm for suffix stripping", as the lexical index uses it.
    """
    return _stem(drop_possessive(word.lower()))


def drop_possessive(word: str) -> str:
    """Return a word without the ending that makes it a possessor.

    >>> drop_possessive("shannon's"), drop_possessive("bias")
    ('shannon', 'bias')
    """
    return word.removesuffix("'s").removesuffix("’s")


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    with _STEMMING:
        return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("porter")
