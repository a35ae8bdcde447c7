"""Two texts compared as texts: normalised exact match, token F1, and a form to look words up in.

Nothing here knows what is asked.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

from ragkit.evidence import normalise

_ARTICLES = {
    "en": "a an the",
    "de": "ein eine einen einem eines einer der die das den dem des",
    "es": "un una unos unas el la los las",
    "fr": "un une des le la les l",
    "it": "un uno una il lo la i gli le l",
    "pt": "um uma uns umas o a os as",
    "nl": "een de het",
}
"""Source: for en, de and es the evaluation script of MLQA (Lewis et al. 2020, "MLQA: Evaluating
Cross-lingual Extractive Question Answering"); the others after their example."""
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
"""Letters of scripts that put no space between words: each counts as a word, as in MLQA."""


def normalise_answer(text: str, language: str = "en") -> str:
    """Return a text in lower case without punctuation, articles and superfluous white space.

    >>> normalise_answer("The  Duke of A.B., a Norman")
    'duke of ab norman'
    >>> normalise_answer("Der Herzog", "de"), normalise_answer("三月。", "zh")
    ('herzog', '三 月')

    Args:
        text: An answer.
        language: Whose articles do not count (ISO 639-1).

    Source: Rajpurkar, Jia and Liang 2018, "Know What You Don't Know: Unanswerable Questions for
    SQuAD", evaluation script 2.0; punctuation of all scripts as in MLQA.
    """
    lowered = "".join(c for c in text.lower() if not _is_punctuation(c))
    articles = _ARTICLES.get(language, "")
    if articles:
        lowered = re.sub(rf"\b({articles.replace(' ', '|')})\b", " ", lowered)
    return " ".join(_UNSPACED.sub(lambda match: f" {match[0]} ", lowered).split())


def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")


def exact_match(shown: str, answers: Sequence[str], language: str = "en") -> float:
    """Return 1.0 where a text is one of the accepted answers; none means that "" is right.

    >>> exact_match("The Normans.", ["Normans"]), exact_match("Rollo", []), exact_match("", [])
    (1.0, 0.0, 1.0)
    """
    said = normalise_answer(shown, language)
    return float(any(said == normalise_answer(a, language) for a in _wanted(answers, language)))


def token_f1(shown: str, answers: Sequence[str], language: str = "en") -> float:
    """Return the best harmonic mean of precision and recall over words.

    Where a text or the accepted answer is empty it is 1.0 if both are, else 0.0.

    >>> round(token_f1("in the 10th century", ["10th and 11th centuries"]), 4)
    0.2857
    """
    return max(_f1(shown, answer, language) for answer in _wanted(answers, language))


def _f1(shown: str, answer: str, language: str) -> float:
    found = normalise_answer(shown, language).split()
    wanted = normalise_answer(answer, language).split()
    if not found or not wanted:
        return float(found == wanted)
    shared = sum((Counter(found) & Counter(wanted)).values())
    return 2 * shared / (len(found) + len(wanted))


def _wanted(answers: Sequence[str], language: str) -> list[str]:
    return [answer for answer in answers if normalise_answer(answer, language)] or [""]


def plain(text: str) -> str:
    """Return a text in lower case without punctuation, but for points and signs within numbers.

    >>> plain("“Top-k”: 1,260 of them (50%).")
    'top-k 1260 of them 50%'
    """
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", normalise(text))
    kept = "".join(c if c.isalnum() or c in ".%-" else " " for c in text)
    return " ".join(filter(None, map(_bare, kept.split())))


def _bare(word: str) -> str:
    """Return a word without stops and hyphens at its ends; a number keeps its sign.

    >>> _bare("-4."), _bare("-fold")
    ('-4', 'fold')
    """
    sign = "-" if re.match(r"-\d", word) else ""
    return sign + word.strip(".-")


def contains(shown: str, wanted: str) -> bool:
    """Say whether words stand in a text one after the other; a number without "%" needs none there.

    >>> contains("It took 3.5 days.", "3.5 days"), contains("78.7% were right", "7")
    (True, False)
    >>> contains("78.7% were right", "78.7"), contains("40 chains", "40%")
    (True, False)
    >>> contains("湖有三百米深。", "三百米")
    True
    """
    words = plain(wanted)
    text = plain(shown) if "%" in words else plain(shown).replace("%", "")
    if _UNSPACED.search(words):
        return words in text
    return bool(words) and f" {words} " in f" {text} "


def holds_answer(answers: Sequence[str], shown: str) -> bool:
    """Say whether an accepted answer stands in a text, whatever else it says.

    >>> holds_answer(["iron", "Fe"], "It is iron."), holds_answer([], "It is iron.")
    (True, False)
    """
    return any(contains(shown, answer) for answer in answers)
