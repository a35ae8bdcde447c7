"""Recognising that a model said "the documents do not say", in whatever words."""

import re

_PHRASES = re.compile(
    r"\b(documents?|sources?|texts?|passages?|context|notes?|course|materials?) (provided |given )?"
    r"(do|does|did) ?(not|n['’]t) (\w+ )?(say|state|mention|contain|specify|provide|tell|hold"
    r"|include|answer|give|cover)"
    r"|\b(is|are|was) not (\w+ )?(mentioned|stated|specified|provided|given|found|covered)"
    r"( in)? ?(the|these|this|any)? ?(documents?|sources?|texts?|passages?|context|notes?)"
    r"|\bno (information|mention|answer|evidence) (\w+ ){0,3}(in|about|on|regarding)\b"
    r"|\b(i|we) (do not|don['’]t|cannot|can['’]t) (know|answer|find|determine|tell)\b"
    r"|\b(not enough|insufficient) (information|evidence|context)\b"
    r"|\bunable to (answer|find|determine)\b",
    re.IGNORECASE,
)


def is_abstention(text: str) -> bool:
    """Say whether a completion says that the sources do not hold the answer.

    >>> is_abstention("The documents do not say.")
    True
    >>> is_abstention("The provided text doesn't mention a room for the exam.")
    True
    >>> is_abstention("Dropout is not used at test time [1].")
    False
    """
    return bool(_PHRASES.search(text))
