"""Does a claim leave out under which condition its source says it? "At scale 0" is not always."""

from collections.abc import Sequence

from ragkit.evidence.support.reading import Word

_LEADING = frozenset(
    "if when whenever unless until without except at with under given provided once".split()
)
"""Begin a sentence with a condition."""
_INNER = frozenset("if unless until except whenever when provided".split())
"""Begin a condition anywhere else."""
_HARMLESS = (("at", "first"), ("at", "last"), ("at", "least"), ("with", "this"), ("with", "it"))


def keeps_conditions(claim: Sequence[Word], held: Sequence[Word], known: frozenset[str]) -> bool:
    """Say whether a claim names something of each condition of the sentences that back it.

    Args:
        claim: Words of the claim.
        held: Words of the text that should back it.
        known: Stems of the question, which names conditions too.

    >>> from ragkit.evidence.support.reading import read_words
    >>> source = read_words("At a scale of 0 the guidance is switched off.")
    >>> keeps_conditions(read_words("The guidance is switched off."), source, frozenset())
    False
    >>> keeps_conditions(read_words("Guidance is off."), source, frozenset({"scale"}))
    True
    """
    said = {word.stem for word in claim} | known
    for at, word in enumerate(held):
        leads = _begins(held, at) and word.text in _LEADING and not _is_harmless(held, at)
        if not (leads or word.text in _INNER):
            continue
        named = _named_by(held, at)
        if named and said.isdisjoint(named):
            return False
    return True


def _begins(held: Sequence[Word], at: int) -> bool:
    """Say whether a word begins a sentence; conjunctions and windows number clauses anew."""
    return at == 0 or held[at].clause // 1000 != held[at - 1].clause // 1000


def _is_harmless(held: Sequence[Word], at: int) -> bool:
    return at + 1 < len(held) and (held[at].text, held[at + 1].text) in _HARMLESS


def _named_by(held: Sequence[Word], at: int) -> set[str]:
    """Return the stems of a condition: its clause, or without a comma the first telling word."""
    clause = [word for word in held[at + 1 :] if word.clause == held[at].clause]
    content = [word.stem for word in clause if word.is_content]
    sentence = held[at].clause // 1000
    goes_on = any(
        word.clause > held[at].clause and word.clause // 1000 == sentence for word in held[at:]
    )
    whole = goes_on or not _begins(held, at)
    return set(content if whole else content[:1])
