"""Which words of a claim a text need not hold: other words for the same, and words that say little.

The lists are short and everyday on purpose; a subject's own terms have to be in its documents.
"""

from ragkit.words import stem

_GROUPS = """
    about approximately around roughly nearly circa almost
    show demonstrate illustrate reveal
    begin start commence
    need require necessitate
    whole entire full complete
    large big great
    often frequently commonly usually typically
    give provide supply offer
    get obtain receive gain acquire
    help assist aid
    build construct create make produce generate form
    select choose pick
    propose introduce present suggest
    use utilise utilize employ apply
    purpose aim goal objective
    explain describe
    end finish conclude
    reduce decrease lower cut
    increase raise grow boost
    allow enable let permit
    avoid prevent
    fast quick rapid
    compute calculate
    error mistake
    part portion section
    exam examination
    important essential crucial key vital
    because since as due
    so thus therefore hence
    buy purchase
    job work task
    write author
    movie film
    child kid
    replace substitute
    contain include hold comprise
    consist comprise compose
    depend rely
    find discover
    improve better enhance
    keep retain preserve
    main primary chief principal
    measure gauge quantify
    change modify alter
    small little tiny
    learn acquire
    convert transform turn
    combine merge join fuse
    begin launch
    grade mark
    homework assignment
    deadline due
    professor lecturer teacher instructor
    state say mention tell
    different distinct
    same identical
    result outcome
    method approach technique way procedure
    happen occur
    called named known termed
    percent percentage
    per each every
    multiple several many
"""
_FILLERS = """
    example instance use call know also well various often usual typical general common main
    important specific particular certain addition further moreover however therefore thus overall
    mean refer involve provide allow help make way process method technique approach concept term
    idea question answer document source passage text according state mention say describe note
    type kind form thing based able include following given made used one
    yes yeah yep oh ok okay sure true right correct indeed actually really
"""


def _same_meaning() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _GROUPS.strip().splitlines():
        group = {stem(word) for word in line.split()}
        for word in group:
            found.setdefault(word, set()).update(group - {word})
    return {word: frozenset(others) for word, others in found.items()}


SAME_MEANING = _same_meaning()
"""Stems that can stand for each other."""
FILLERS = frozenset(stem(word) for word in _FILLERS.split())
"""Stems that a claim may add: they say little by themselves."""


def means_one_of(word: str, held: frozenset[str]) -> bool:
    """Say whether some stems hold another word for one.

    >>> means_one_of(stem("demonstrates"), frozenset({"show"}))
    True
    """
    return not held.isdisjoint(SAME_MEANING.get(word, frozenset()))
