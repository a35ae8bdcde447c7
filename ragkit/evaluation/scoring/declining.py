"""Is a text an abstention, when it says that there is no answer and perhaps something more?

Hedging counts as what it comes to: "The documents do not say, but it is Paris" is an answer.
"""

import re
from collections.abc import Iterable

from ragkit.chunking import split_sentences
from ragkit.evaluation.scoring.texts import holds_answer
from ragkit.evidence import is_abstention

_BUT = re.compile(
    r"[,;:.]? (?:but|however|though|still|aber|jedoch|mais|pero|ma|mas|maar|но|ama)\b[, ]*(.+)",
    re.IGNORECASE | re.DOTALL,
)
_APOLOGY = re.compile(
    r"\W*(?:i['’]?m|i am|we are)? ?(?:so |very )?(?:sorry|afraid|unfortunately|apologi[sz]e)\b"
    r"|\W*(?:leider|malheureusement|désolé|lamentablemente|purtroppo|helaas|infelizmente)\b"
    r"|\W*(?:no|sorry|hm+|well|thanks?|thank you|great question|good question)\W*$",
    re.IGNORECASE,
)
_LEAST_ASSERTED = 3
"""Words after "but" that assert something."""


def declines(text: str, *, telling: Iterable[str] = ()) -> bool:
    """Say whether a text says that there is no answer, or nothing at all, and asserts none.

    The first sentence that is no apology decides; what follows may say what the documents hold
    instead, unless it is one of the telling answers.

    >>> declines("I'm sorry. The documents do not say."), declines("")
    (True, True)
    >>> declines("The documents do not say, but it is Paris."), declines("It is Paris.")
    (False, False)
    >>> declines("The text does not say when. It was in 1987.", telling=["1987"])
    False

    Args:
        text: What is shown.
        telling: Answers that make it an answer: accepted ones, and those of the world.
    """
    sentences = [part.text for part in split_sentences(text)]
    while len(sentences) > 1 and _APOLOGY.match(sentences[0]) and not is_abstention(sentences[0]):
        sentences = sentences[1:]
    if not any(character.isalnum() for character in text):
        return True
    if not sentences or not is_abstention(sentences[0]):
        return False
    return not _asserts_after(sentences[0]) and not holds_answer(tuple(telling), text)


def _asserts_after(sentence: str) -> bool:
    """Say whether an abstaining sentence goes on to assert something."""
    declined = re.search(r"(?:not|n['’]t|no|never|nicht|pas|rien|nichts)\b", sentence)
    match = _BUT.search(sentence, declined.end() if declined else 0)
    if not match or is_abstention(match[1]):
        return False
    return len(match[1].split()) >= _LEAST_ASSERTED
