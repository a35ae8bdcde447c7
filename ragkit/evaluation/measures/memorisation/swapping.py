"""The gold passage with the twin's swap put in: what a reader follows and a memory does not."""

import re
from dataclasses import replace

from ragkit.evaluation.errors import InapplicableError
from ragkit.evaluation.records import Case, Twin, Variant
from ragkit.records import Chunk

_BEYOND = 1_000_000_000
"""Where a swapped passage is said to stand. It stands nowhere in its document, and the blocks of
that, which the selection of evidence looks up by place, are not its own."""


def put_swap_in(case: Case) -> Case:
    """Return a case whose passages say what the twin says.

    Raises:
        InapplicableError: No passage holds the twin's sentence.
    """
    return _with_sentence(case, swapped=True)


def leave_as_it_is(case: Case) -> Case:
    """Return a case whose passages are set out as those with the swap are, and say what they said.

    So that the two differ in nothing but the one thing.

    Raises:
        InapplicableError: No passage holds the twin's sentence.
    """
    return _with_sentence(case, swapped=False)


def _with_sentence(case: Case, *, swapped: bool) -> Case:
    twin = case.sample.twin
    if twin and not swapped:
        twin = replace(twin, swapped=twin.original, swap=(twin.swap[0], twin.swap[0]))
    changed = [
        replace(hit, chunk=swap_chunk(hit.chunk, twin) if twin else hit.chunk)
        for hit in case.hits or ()
    ]
    if all(hit.chunk.start < _BEYOND for hit in changed):
        raise InapplicableError(f"no passage of {case.sample.id} holds the sentence of its twin")
    return replace(case, hits=tuple(changed))


SWAPPED = Variant("swapped", "swapped", "one thing in the gold passage swapped", put_swap_in)
UNSWAPPED = Variant("unswapped", "swapped", "the gold passage as it is", leave_as_it_is)


def swap_chunk(chunk: Chunk, twin: Twin) -> Chunk:
    r"""Return a passage that says what the twin says, or itself where it lacks the sentence.

    What else the passage says of the thing is swapped, too.

    >>> twin = Twin("It is 14 m deep.", "It is 21 m deep.", ("14", "21"))
    >>> swap_chunk(Chunk("c", "a.md", "A lake. It is\n14 m deep. 14 m!", 0, 30), twin).text
    'A lake. It is 21 m deep. 21 m!'
    """
    sentence = r"\s+".join(map(re.escape, twin.original.split()))
    text, found = re.subn(sentence, lambda _: twin.swapped, chunk.text)
    if not found:
        return chunk
    old, new = twin.swap
    text = re.sub(rf"(?<![\w.,]){re.escape(old)}(?![\w]|[.,]\d)", lambda _: new, text)
    start = _BEYOND + chunk.start
    return replace(chunk, id=f"{chunk.id}-swapped", text=text, start=start, end=start + len(text))
