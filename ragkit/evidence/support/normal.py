"""One spelling for what scans, slides and models write in several: quotes, dashes, ligatures."""

import re
import unicodedata

_QUOTES = re.compile(r"[“”„«»]|''|``")
_APOSTROPHES = re.compile(r"[‘’‚`´]")
_DASHES = re.compile(r"[‐‑‒–—−]")
_PER_CENT = re.compile(r"\bper cent\b", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")


def normalise(text: str) -> str:
    """Return a text with case, quotes, dashes and white space evened out.

    >>> normalise("The “BLEU”  score – 28.4")
    'the "bleu" score - 28.4'
    """
    return even_out(text).casefold()


def even_out(text: str) -> str:
    """Return the same with its capitals kept."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    text = _QUOTES.sub('"', _APOSTROPHES.sub("'", _DASHES.sub("-", text)))
    return _PER_CENT.sub("percent", " ".join(text.split()))


def squash(text: str) -> str:
    """Return only the letters and digits of a text, in lower case and without spaces.

    So "pre-training", "pre training" and "pretraining" are one.

    >>> squash("Pre-training, in 2 steps")
    'pretrainingin2steps'
    """
    return "".join(character for character in normalise(text) if character.isalnum())
