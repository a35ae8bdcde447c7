"""Does a claim deny what its source says, or say its opposite? Compared word by word.

A negation is compared by the words that it denies, so that another one in the same sentence does
not count. Irony, doubt and hearsay are not recognised.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ragkit.evidence.support.reading import Word
from ragkit.words import stem

_NEGATIONS = frozenset(
    """not no never none cannot without neither nor nothing nobody hardly barely scarcely rarely
    seldom unable unlike except fail fails failed failing lack lacks lacked lacking avoid
    avoids avoided avoiding refuse refuses refused doubt doubts doubted deny denies denied
    pretend pretends pretended claims claimed alleges allegedly supposedly falsely wrongly
    myth untrue""".split()
)
"""Words after which something is not asserted: what somebody claims or doubts may be false."""
_SEVERAL = (("instead", "of"), ("rather", "than"), ("far", "from"), ("ain't",))
_EMPTY = frozenset("longer means way".split())
"""What stands between a negation and what it denies: "no longer", "by no means", "in no way"."""
_SCOPE_WORDS = 5

_PAIRS = """
    increase/decrease increase/reduce increase/lower raise/lower raise/reduce rise/fall rise/drop
    grow/shrink gain/lose win/lose more/less more/fewer most/least higher/lower high/low
    larger/smaller large/small largest/smallest big/small bigger/smaller longer/shorter long/short
    faster/slower fast/slow quick/slow early/late earlier/later before/after above/below over/under
    always/never many/few first/last begin/end start/end open/close true/false right/wrong
    correct/wrong positive/negative maximum/minimum maximise/minimise maximize/minimize
    encoder/decoder encode/decode input/output add/remove add/subtract include/exclude
    accept/reject allow/forbid allow/prevent enable/disable same/different similar/different
    easy/hard easy/difficult easier/harder simple/complex strong/weak stronger/weaker better/worse
    best/worst good/bad required/optional left/right upper/lower internal/external
    intrinsic/extrinsic sparse/dense discrete/continuous cheap/expensive present/absent
    import/export buy/sell north/south east/west northern/southern eastern/western majority/minority
    male/female success/failure agree/disagree alive/dead hot/cold warm/cold wide/narrow
    deep/shallow ancient/modern old/new older/newer older/younger young/old near/far
    even/odd day/night
    inside/outside within/outside love/hate friend/enemy support/oppose defend/attack
    help/harm protect/harm raise/cut create/destroy build/destroy inner/outer single/multiple
    permanent/temporary directly/indirectly static/dynamic forward/backward top/bottom
    often/rarely usually/rarely
"""


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _PAIRS.split():
        first, second = (stem(word) for word in pair.split("/"))
        found.setdefault(first, set()).add(second)
        found.setdefault(second, set()).add(first)
    return {word: frozenset(others) for word, others in found.items()}


_OPPOSITES = _opposites()
_DENYING_PREFIXES = ("un", "in", "im", "ir", "dis", "non", "mis")


class Denied(NamedTuple):
    """What a text denies: the first word after each negation, and a few more."""

    focus: frozenset[str]
    scope: frozenset[str]
    cues: int
    """How many negations there are."""


def is_negation(words: tuple[Word, ...], at: int) -> bool:
    """Say whether a negation begins at a word; "not only" is none."""
    word = words[at].text
    following = words[at + 1].text if at + 1 < len(words) else ""
    if word == "not" and following == "only":
        return False
    return word in _NEGATIONS or word.endswith("n't") or (word, following) in _SEVERAL


def read_denied(words: tuple[Word, ...]) -> Denied:
    """Return the stems that a text denies.

    >>> from ragkit.evidence.support.reading import read_words
    >>> sorted(read_denied(read_words("It isn't used at test time, but in training.")).scope)
    ['test', 'time', 'us']
    >>> sorted(read_denied(read_words("Ranks are comparable; raw scores are not.")).focus)
    ['score']
    """
    focus: set[str] = set()
    scope: set[str] = set()
    cues = [at for at in range(len(words)) if is_negation(words, at)]
    for at in cues:
        clause = words[at].clause
        after = [w.stem for w in words[at + 1 :] if w.clause == clause and _can_be_denied(w)]
        before = [w.stem for w in words[:at] if w.clause == clause and _can_be_denied(w)]
        denied = after[:_SCOPE_WORDS] or before[: -_SCOPE_WORDS - 1 : -1]
        focus.update(denied[:1])
        scope.update(denied)
    return Denied(frozenset(focus), frozenset(scope), len(cues))


def _can_be_denied(word: Word) -> bool:
    return word.is_content and word.text not in _EMPTY and word.text not in _NEGATIONS


def denies_alike(claim: tuple[Word, ...], held: tuple[Word, ...]) -> bool:
    """Say whether a claim denies what a text denies, and nothing else of what it shares with it.

    Args:
        claim: Words of the claim.
        held: Words of the text that should back it.

    >>> from ragkit.evidence.support.reading import read_words
    >>> source = read_words("Ranks are comparable across systems; raw scores are not.")
    >>> denies_alike(read_words("Ranks are comparable."), source)
    True
    >>> denies_alike(read_words("Ranks are by no means comparable."), source)
    False
    """
    own, other = read_denied(claim), read_denied(held)
    said, there = {word.stem for word in claim}, {word.stem for word in held}
    if any(word in there and word not in other.scope for word in own.focus):
        return False
    if any(word in said and word not in own.scope for word in other.focus):
        return False
    if own.cues > other.cues:
        return False
    return bool(own.cues) or not (other.scope & said) or not _denies_most(other.scope, said)


def _denies_most(scope: frozenset[str], said: set[str]) -> bool:
    return 2 * len(scope & said) > len(scope)


def says_no_opposite(claim: tuple[Word, ...], held: tuple[Word, ...]) -> bool:
    """Say whether no word of a claim is the opposite of what a text says in its place.

    >>> from ragkit.evidence.support.reading import read_words
    >>> source = read_words("Dropout lowers the risk before training.")
    >>> says_no_opposite(read_words("Dropout raises the risk."), source)
    False
    >>> says_no_opposite(read_words("The risk before training"), source)
    True
    """
    said, there = {word.stem for word in claim}, {word.stem for word in held}
    for at, word in enumerate(claim):
        others = {o for o in _opposites_of(word.stem, there) if o in there and o not in said}
        if not others:
            continue
        if word.stem not in there:
            return False
        around = _around(claim, at)
        if around and not _meets(held, {word.stem}, around) and _meets(held, others, around):
            return False
    return True


def _opposites_of(word: str, there: set[str]) -> Iterator[str]:
    yield from _OPPOSITES.get(word, ())
    for prefix in _DENYING_PREFIXES:
        if prefix + word in there:
            yield prefix + word
        if word.startswith(prefix) and len(word) > len(prefix) + 3:
            yield word.removeprefix(prefix)


def _around(words: tuple[Word, ...], at: int) -> frozenset[str]:
    """Return the nearest content words on both sides of one."""
    after = [word.stem for word in words[at + 1 :] if word.is_content][:1]
    before = [word.stem for word in words[:at] if word.is_content][-1:]
    return frozenset(after + before)


def _meets(held: tuple[Word, ...], wanted: set[str], around: frozenset[str]) -> bool:
    return any(
        word.stem in wanted and bool(_around(held, at) & around) for at, word in enumerate(held)
    )
