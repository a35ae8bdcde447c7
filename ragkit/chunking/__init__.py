"""Document -> Chunks: whole blocks of one page that fit the encoder, never cut by it unseen.

`sentences.py` finds sentences, `pieces.py` cuts what is too long, `sections.py` groups the blocks
that belong together, `passage.py` says what is embedded. Here they are packed up to the budget.

Source for 200 tokens (`chunk_tokens`), no repeated sentences, and title and headings both in the
lexical fields and in what is embedded: hybrid retrieval with all-MiniLM-L6-v2 in int8, means over
five sets (47 and 30 questions over the demo course, 200 of SQuAD 2.0, 40 of COVID-QA, 150 of
PolicyQA), by evals/tools/sweep_chunking.py. "In 512": the answer lies in the first hits of together
at most 512 tokens.

    tokens  repeated  headings  chunks  hit@1  hit@5  nDCG@10  in 512  in 1,024
      64       1      both       3,892   .472   .674     .549    .757      .844
      96       1      both       2,395   .543   .742     .635    .769      .838
     128       1      both       1,698   .546   .768     .664    .775      .831
     160       1      both       1,293   .576   .783     .681    .757      .833
     200       1      both       1,041   .605   .791     .702    .740      .821
     256       1      both         871   .580   .803     .696    .716      .816
     128       0      both       1,476   .558   .782     .675    .781      .821
     200       0      both         935   .604   .791     .712    .737      .838
     256       0      both         796   .581   .791     .708    .684      .800
     128       2      both       1,698   .547   .774     .657    .772      .826
     200       2      both       1,041   .608   .784     .703    .738      .817
     256       2      both         871   .578   .804     .695    .700      .811
     200       1      lexical    1,041   .580   .785     .691    .745      .822
     200       1      embedded   1,041   .583   .788     .684    .724      .803
     200       1      neither    1,041   .572   .777     .678    .737      .806
     256       1      lexical      871   .565   .789     .682    .716      .790
     256       1      embedded     871   .585   .790     .689    .697      .800
     256       1      neither      871   .568   .787     .680    .714      .797

With so few questions a set, differences below about .03 may be chance. Smaller chunks hold the
answer in fewer tokens and are found less surely; repeating a sentence costs a tenth more chunks and
finds nothing more.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ragkit.chunking.passage import passage_prefix, passage_text
from ragkit.chunking.pieces import Piece, split_to_fit
from ragkit.chunking.sections import PageFinder, Section, find_sections
from ragkit.chunking.sentences import split_sentences
from ragkit.protocols import Encoder
from ragkit.records import Block, Chunk, Document

__all__ = [
    "PageFinder",
    "chunk_document",
    "chunk_id",
    "passage_prefix",
    "passage_text",
    "split_sentences",
]

_PROSE = ("paragraph", "note")
_OVERLAP_SHARE = 6
"""A sixth of a chunk is left free for repeated sentences: 33 of 200 tokens, one long sentence."""
_LEAD_SHARE = 3
"""A lead-in of up to a third of a chunk goes with the list, code or formula that it introduces."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is packed: a block, or a sentence of one that is too long."""

    start: int
    end: int
    tokens: int
    block: Block
    leads: bool = False
    """Whether it introduces what follows and says little alone: a heading, "The steps are:"."""


def chunk_document(
    document: Document, *, encoder: Encoder, max_tokens: int, overlap_sentences: int = 0
) -> tuple[Chunk, ...]:
    """Return the chunks of a document, in order; together they hold all its text.

    For each, the encoder reads all of `passage_text(chunk)`: at most `max_tokens` tokens.

    Args:
        document: What to split.
        encoder: Whose tokens are counted.
        max_tokens: Most tokens of a passage; the encoder's own limit holds too.
        overlap_sentences: Sentences that a chunk repeats from the one before it where running text
            was cut between them.
    """
    limit = max(1, min(max_tokens, encoder.max_tokens))
    chunker = _Chunker(document, encoder, limit, overlap_sentences)
    return tuple(chunker.chunks())


class _Chunker:
    def __init__(
        self, document: Document, encoder: Encoder, limit: int, overlap_sentences: int
    ) -> None:
        self._document = document
        self._encoder = encoder
        self._limit = limit
        self._overlap = overlap_sentences
        self._pages = PageFinder(document.pages)

    def chunks(self) -> Iterator[Chunk]:
        for section in find_sections(
            self._document, count_tokens=self._count, small=self._limit // 5, limit=self._limit
        ):
            title, heading = self._fit_prefix(section.heading)
            room = max(1, self._limit - self._count(passage_prefix(title, heading)))
            units = list(self._units(section, room))
            before: list[_Unit] = []
            for run in _packed(units, room, reserve=self._reserve(units, room)):
                for part in self._verified(run, title, heading):
                    start = self._overlap_start(before, part, title, heading)
                    yield self._chunk(start, part[-1].end, title, heading)
                    before = part

    def _count(self, text: str) -> int:
        return len(self._encoder.token_spans(text))

    def _fit_prefix(self, heading: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """Return title and headings, without the outer ones if they took half of the passage."""
        title = self._document.title
        for choice in ((title, heading), ("", heading), ("", heading[-1:])):
            if self._count(passage_prefix(*choice)) <= self._limit // 2:
                return choice
        return "", ()

    def _units(self, section: Section, room: int) -> Iterator[_Unit]:
        """Yield the blocks of a section, those that are too long as their sentences."""
        headings = sum(n for b, n in section.counted if b.kind == "heading")
        largest = room - headings if headings <= room // 2 else room // 2
        for block, tokens in section.counted:
            text = self._document.text[block.start : block.end]
            if tokens <= max(1, largest):
                leads = block.kind == "heading" or (
                    text.endswith(":") and tokens <= room // _LEAD_SHARE
                )
                yield _Unit(block.start, block.end, tokens, block, leads)
                continue
            for piece in self._pieces(text, max(1, largest)):
                yield _Unit(block.start + piece.start, block.start + piece.end, piece.tokens, block)

    def _reserve(self, units: list[_Unit], room: int) -> int:
        """Return how many tokens to leave free for repeated sentences, where there will be any."""
        cut = any(_is_cut(before, after) for before, after in pairwise(units))
        too_long = sum(unit.tokens for unit in units) > room
        return room // _OVERLAP_SHARE if cut and too_long and self._overlap else 0

    def _pieces(self, text: str, largest: int) -> tuple[Piece, ...]:
        return split_to_fit(text, limit=largest, count_tokens=self._count)

    def _verified(
        self, run: list[_Unit], title: str, heading: tuple[str, ...]
    ) -> Iterator[list[_Unit]]:
        """Yield a run whole if its passage fits, else in halves: sums of tokens are an estimate."""
        if self._fits(run[0].start, run[-1].end, title, heading):
            yield run
        elif len(run) > 1:
            for half in (run[: len(run) // 2], run[len(run) // 2 :]):
                yield from self._verified(half, title, heading)
        else:
            yield from self._halved(run[0], title, heading)

    def _halved(self, unit: _Unit, title: str, heading: tuple[str, ...]) -> Iterator[list[_Unit]]:
        text = self._document.text[unit.start : unit.end]
        pieces = self._pieces(text, max(1, unit.tokens // 2))
        if len(pieces) < 2:
            yield [unit]
            return
        for start, end, tokens in pieces:
            part = _Unit(unit.start + start, unit.start + end, tokens, unit.block)
            yield from self._verified([part], title, heading)

    def _fits(self, start: int, end: int, title: str, heading: tuple[str, ...]) -> bool:
        return self._count(passage_text(self._chunk(start, end, title, heading))) <= self._limit

    def _overlap_start(
        self, before: list[_Unit], run: list[_Unit], title: str, heading: tuple[str, ...]
    ) -> int:
        """Return where a chunk begins when it repeats the last sentences of the one before it."""
        start = run[0].start
        if not before or self._overlap < 1 or not _is_cut(before[-1], run[0]):
            return start
        begin = before[-1].block.start
        sentences = split_sentences(self._document.text[begin : before[-1].end])
        for sentence in reversed(sentences[-self._overlap :]):
            earlier = begin + sentence.start
            if earlier <= before[0].start or not self._fits(earlier, run[-1].end, title, heading):
                break
            start = earlier
        return start

    def _chunk(self, start: int, end: int, title: str, heading: tuple[str, ...]) -> Chunk:
        text = self._document.text[start:end]
        page = self._pages.at(start)
        return Chunk(
            id=chunk_id(self._document.sha256, start, end, text),
            document=self._document.path,
            text=text,
            start=start,
            end=end,
            title=title,
            heading=heading,
            page=page.number if page else None,
            page_label=page.label if page else None,
        )


def chunk_id(document_sha256: str, start: int, end: int, text: str) -> str:
    """Return the name of a chunk: the same for the same place in the same file, anywhere.

    >>> chunk_id("ab", 0, 2, "hi")
    '2cfb5b5b138bb3b6'
    """
    # surrogatepass: a text that cannot be stored still gets its name
    place = f"{document_sha256}\0{start}\0{end}\0{text}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(place).hexdigest()[:16]


def _is_cut(before: _Unit, after: _Unit) -> bool:
    """Return whether running text goes on from one unit to the next."""
    if before.block is after.block:
        return before.block.kind not in ("code", "row", "heading")
    return before.block.kind in _PROSE and after.block.kind in _PROSE


def _packed(units: list[_Unit], room: int, *, reserve: int) -> Iterator[list[_Unit]]:
    """Yield runs of units, about equally full; one that leads ends none if what follows fits.

    Args:
        units: In order.
        room: Most tokens of a run.
        reserve: Tokens to leave free, but for a lead that would else stand alone.
    """
    left = sum(unit.tokens for unit in units)
    run: list[_Unit] = []
    used, target = 0, _target(left, room - reserve)
    for unit in units:
        if all(other.leads for other in run):
            full = used + unit.tokens > room
        else:
            full = used + unit.tokens > room - reserve or used + unit.tokens / 2 > target
        if run and full:
            moved = _trailing_leads(run, room - unit.tokens)
            yield run[: len(run) - len(moved)] if moved else run
            run, used = moved, sum(other.tokens for other in moved)
            target = _target(left, room - reserve)
        run.append(unit)
        used += unit.tokens
        left -= unit.tokens
    if run:
        yield run


def _target(tokens: int, room: int) -> float:
    """Return how full each of the fewest chunks is that hold this many tokens.

    >>> _target(220, 200), _target(100, 200)
    (110.0, 100.0)
    """
    return tokens / -(-tokens // room) if tokens else room


def _trailing_leads(run: list[_Unit], room: int) -> list[_Unit]:
    """Return the leads that end a run and go with what follows; none if it has no more.

    Args:
        run: Units of one chunk.
        room: Tokens that are left beside what follows; as many leads as fit are moved.
    """
    place, used = len(run), 0
    while place and run[place - 1].leads and used + run[place - 1].tokens <= room:
        place -= 1
        used += run[place].tokens
    return run[place:] if place else []
