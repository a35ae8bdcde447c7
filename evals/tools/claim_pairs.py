"""Claims made by rule from sentences: some still say what the sentence says, some do not.

Each is one of a sentence copied or reworded without a change of what it says (supported), or with
one name, word, number, date, negation, opposite or role changed, or with the rest of a neighbouring
sentence (unsupported). `claim_rules.py` holds the rules.
"""

import hashlib
import random
import re
from collections.abc import Iterator, Sequence

from claim_rules import RULES, Neighbourhood, find_names

from ragkit.chunking import split_sentences
from ragkit.evaluation.judges import LabelledClaim

_LEAST_WORDS, _MOST_WORDS = 7, 40


def make_pairs(passages: Sequence[str], *, group: str) -> Iterator[LabelledClaim]:
    """Yield the claims of the first passage's sentences; the other passages stand beside it."""
    around = _neighbourhood(passages)
    for sentence in split_sentences(passages[0]):
        text = " ".join(sentence.text.split())
        if not _is_statement(text):
            continue
        seed = hashlib.sha256(text.encode()).digest()
        for kind, (rule, supported) in RULES.items():
            claim = rule(text, random.Random(seed + kind.encode()), around)
            if claim and (claim != text or kind == "copied"):
                group_of = f"{group}#{sentence.start}"
                yield LabelledClaim(claim, tuple(passages), supported, kind, group_of)


def _is_statement(text: str) -> bool:
    words = text.split()
    return (
        _LEAST_WORDS <= len(words) <= _MOST_WORDS
        and text.endswith(".")
        and text[0].isupper()
        and "|" not in text
    )


def _neighbourhood(passages: Sequence[str]) -> Neighbourhood:
    text = " ".join(" ".join(passages).split())
    own = [" ".join(s.text.split()) for s in split_sentences(passages[0])]
    numbers = re.findall(r"\b\d+(?:\.\d+)?\b", text)
    return Neighbourhood(
        tuple(s for s in own if _is_statement(s)),
        find_names(text),
        tuple(dict.fromkeys(numbers)),
    )
