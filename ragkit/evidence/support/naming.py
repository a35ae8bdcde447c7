"""Names in a claim: are they in the source, and do they play the same parts?"""

import re
from itertools import pairwise

from ragkit.evidence.support.normal import even_out
from ragkit.evidence.support.reading import Word
from ragkit.words import STOP_WORDS, stem, words_of

_INNER = re.compile(r"(?<=[\w,;:'\"(/%-] )[\"'(]?([A-Z][\w-]*\w|[A-Z])\b")
_FIRST_ACRONYM = re.compile(r"^[\"'(]?([A-Z]{2,}\w*|[A-Z]\w*[A-Z0-9]\w*)\b")
_JOINING = frozenset("and or with & versus vs plus".split())
_NEAR_WORDS = 6


def names_of(text: str) -> frozenset[str]:
    """Return the stems of names and acronyms: capitalised words that do not begin the sentence.

    >>> sorted(names_of("The idea is due to Claude Shannon, not to IBM."))
    ['claud', 'ibm', 'shannon']
    """
    plain = even_out(text)
    found = _INNER.findall(plain) + _FIRST_ACRONYM.findall(plain)
    parts = (part for name in found for part in words_of(name))
    return frozenset(stem(part) for part in parts if part not in STOP_WORDS)


def stands_near(claim: tuple[Word, ...], held: tuple[Word, ...], names: frozenset[str]) -> bool:
    """Say whether each name stands in a text near one of the words that are next to it in a claim.

    >>> from ragkit.evidence.support.reading import read_words
    >>> source = read_words("BERT has layers. Nobody outside had seen a larger model than GPT yet.")
    >>> stands_near(read_words("GPT has layers."), source, frozenset({"gpt"}))
    False
    """
    there = {word.stem for word in held}
    for at, word in enumerate(claim):
        if word.stem not in names or word.stem not in there:
            continue
        beside = _beside(claim, at, names) & there
        spots = [place for place, other in enumerate(held) if other.stem == word.stem]
        near = {
            w.stem
            for spot in spots
            for w in held[max(0, spot - _NEAR_WORDS) : spot + _NEAR_WORDS + 1]
        }
        if beside and not beside & near:
            return False
    return True


def _beside(words: tuple[Word, ...], at: int, names: frozenset[str]) -> set[str]:
    """Return the nearest content words on both sides of a name that are no names."""
    after = [w.stem for w in words[at + 1 :] if w.is_content and w.stem not in names]
    before = [w.stem for w in words[:at] if w.is_content and w.stem not in names]
    return {*after[:1], *before[-1:]}


def keeps_roles(claim: tuple[Word, ...], held: tuple[Word, ...]) -> bool:
    """Say whether what stands before and after a word in a claim stands so in a text.

    "A taught B" is not "B taught A", but is "B was taught by A". Only three content words in a row
    are compared that stand near each other in both, and no lists.

    >>> from ragkit.evidence.support.reading import read_words
    >>> source = read_words("Aristotle taught Alexander in Macedon.")
    >>> keeps_roles(read_words("Alexander taught Aristotle."), source)
    False
    >>> keeps_roles(read_words("Alexander was taught by Aristotle."), source)
    True
    """
    content = [at for at, word in enumerate(claim) if word.is_content]
    places = _places(held)
    for (first, middle), (_, last) in pairwise(pairwise(content)):
        trio = (claim[first].stem, claim[middle].stem, claim[last].stem)
        if len(set(trio)) < 3 or claim[first].clause != claim[last].clause:
            continue
        if _is_joined(claim, first, last):
            continue
        turned = _is_turned(held, places, trio)
        if turned is not None and turned != _is_passive(claim, middle, last):
            return False
    return True


def _places(words: tuple[Word, ...]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word.stem, []).append(at)
    return places


def _is_turned(
    held: tuple[Word, ...], places: dict[str, list[int]], trio: tuple[str, str, str]
) -> bool | None:
    """Say whether the last of three words does in a text what the first does in an active claim.

    None where it cannot be told: they do not stand near each other, or as often so as otherwise.
    """
    found = set()
    for middle in places.get(trio[1], ()):
        before = _nearest(places, trio, middle, -1)
        after = _nearest(places, trio, middle, 1)
        if before is None or after is None or before[0] == after[0]:
            continue
        if _is_joined(held, before[1], after[1]):
            continue
        same_order = before[0] == trio[0]
        found.add(same_order == _is_passive(held, middle, after[1]))
    return found.pop() if len(found) == 1 else None


def _nearest(
    places: dict[str, list[int]], trio: tuple[str, str, str], middle: int, way: int
) -> tuple[str, int] | None:
    """Return which of the outer words stands nearest on one side of the middle one, and where."""
    found = [
        (abs(at - middle), word, at)
        for word in (trio[0], trio[2])
        for at in places.get(word, ())
        if 0 < (at - middle) * way <= _NEAR_WORDS
    ]
    return min(found)[1:] if found else None


def _is_joined(words: tuple[Word, ...], first: int, last: int) -> bool:
    return any(word.text in _JOINING for word in words[first + 1 : last])


def _is_passive(words: tuple[Word, ...], middle: int, last: int) -> bool:
    return any(word.text == "by" for word in words[middle + 1 : last])
