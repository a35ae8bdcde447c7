"""Where sentences begin and end, by rules; no model and no language pack.

A line is never joined with the next one: the line ends that a Document keeps are meant (list items,
table rows, lines of code).
"""

import re
from collections.abc import Iterator

from ragkit.records import Sentence

_END = re.compile(r"[.!?…]+[\"'”’»)\]*]*(?=\s)|[。！？]+[」』”’）]*")
# After these a sentence goes on, whatever follows.
_NEVER_LAST = frozenset(
    "e.g i.e eg ie cf vs viz dr prof mr mrs ms st fig figs eq eqs sec sect ch chap no nos nr vol "
    "vols pp p approx ca resp ref refs tab thm def ex app dept univ ed eds jr z.b d.h bzw ggf inkl "
    "dipl hr fr incl excl max min avg est jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
# After these it goes on unless a capital letter follows.
_RARELY_LAST = frozenset("al etc inc ltd co corp usw a.m p.m ph.d m.sc b.sc m.a b.a u.s".split())
_WORD_BEFORE = re.compile(r"[^\s(\[\"“‘'/]+$")
_LIST_NUMBER = re.compile(r"\s*\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})$")


def split_sentences(text: str) -> tuple[Sentence, ...]:
    r"""Return the sentences of a text, in order, with offsets into it.

    Together they hold everything but white space.

    >>> [s.text for s in split_sentences("See Fig. 3, e.g. the 0.7 line. Is it so? Yes.")]
    ['See Fig. 3, e.g. the 0.7 line.', 'Is it so?', 'Yes.']
    >>> split_sentences("2. Train\n\nEnd")[1]
    Sentence(text='End', start=10, end=13)
    """
    return tuple(
        Sentence(text[start:end], start, end)
        for line_start, line_end in _lines(text)
        for start, end in _trimmed_spans(text, line_start, line_end)
    )


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _trimmed_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of one line, without the spaces around them."""
    line = text[start:end]
    cuts = [match.end() for match in _END.finditer(line) if _ends_sentence(line, match)]
    previous = 0
    for cut in [*cuts, len(line)]:
        part = line[previous:cut]
        if part.strip():
            lead = len(part) - len(part.lstrip())
            yield start + previous + lead, start + previous + len(part.rstrip())
        previous = cut


def _ends_sentence(line: str, match: re.Match[str]) -> bool:
    mark, before, after = match.group(), line[: match.start()], line[match.end() :].lstrip()
    if mark[0] in "。！？":
        return True
    if not after or not before.strip():
        return not mark.startswith("…") and bool(before.strip())
    if after[0].islower() or after[0] in ",;:)":
        return False
    if mark[0] != "." or len(mark.rstrip("\"'”’»)]*")) > 1:
        return True
    return not _is_abbreviated(before, after)


def _is_abbreviated(before: str, after: str) -> bool:
    """Return whether a full stop belongs to the word before it and ends nothing."""
    if _LIST_NUMBER.fullmatch(before):
        return True
    found = _WORD_BEFORE.search(before)
    word = found.group().lower() if found else ""
    if word in _NEVER_LAST:
        return not (
            word in ("no", "max", "min", "ex", "def", "app", "mar") and not _is_figure(after)
        )
    if word in _RARELY_LAST:
        return not after[0].isupper()
    initial = found is not None and re.fullmatch(r"(?:[A-Z]\.)*[A-Z]", found.group()) is not None
    return initial and found is not None and found.group() != "I" and after[0].isupper()


def _is_figure(after: str) -> bool:
    return after[0].isdigit()
