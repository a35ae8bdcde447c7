"""What of a source may back a claim: a sentence, or a few that are read together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ragkit.chunking import split_sentences
from ragkit.evidence.support.instructions import holds_instruction
from ragkit.evidence.support.normal import squash
from ragkit.evidence.support.quantities import Quantities, read_quantities
from ragkit.evidence.support.reading import Word, content_stems, read_words
from ragkit.records import Sentence, Source

MOST_SENTENCES = 3
_LEANING = frozenset(
    "it this that these those they them he she its their his her such so therefore thus hence both"
    " then also here there".split()
)
VERBS = frozenset(
    "is are was were be has have had can could will would may might must should does do did".split()
)
_SUBJECT_WORDS = 2


@dataclass(frozen=True)
class Window:
    """Neighbouring sentences of one source, with the headings they stand under."""

    source_id: int
    sentences: tuple[str, ...]
    heading: str

    @cached_property
    def text(self) -> str:
        """The sentences, joined."""
        return " ".join(self.sentences)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Of the sentences, not of the headings."""
        return tuple(
            word._replace(clause=word.clause + 1000 * number)
            for number, sentence in enumerate(self.sentences)
            for word in read_words(sentence)
        )

    @cached_property
    def text_stems(self) -> frozenset[str]:
        """Of all words of the sentences."""
        return frozenset(word.stem for word in self.words)

    @cached_property
    def heading_stems(self) -> frozenset[str]:
        """Of all words of the headings."""
        return frozenset(word.stem for word in read_words(self.heading))

    @cached_property
    def stems(self) -> frozenset[str]:
        """Of all words of sentences and headings."""
        return self.text_stems | self.heading_stems

    @cached_property
    def squashed(self) -> str:
        """All letters and digits in a row."""
        return squash(f"{self.heading} {self.text}")

    @cached_property
    def quantities(self) -> Quantities:
        """Numbers and dates of sentences and headings."""
        return read_quantities(f"{self.heading}: {self.text}" if self.heading else self.text)

    def part_holding(self, stems: frozenset[str]) -> str:
        """Return the text from the first to the last of some words; empty where it holds none."""
        parts = self.text.split()
        held = [at for at, part in enumerate(parts) if not stems.isdisjoint(_stems_in(part))]
        return " ".join(parts[held[0] : held[-1] + 1]) if held else ""

    def subjects_are_in(self, stems: frozenset[str]) -> bool:
        """Say whether the subject of each sentence is among some stems, or leans on another.

        Else the subject of one could be given the predicate of another. A single sentence needs
        none: its subject may stand in the heading or in the question.
        """
        alone = len(self.sentences) == 1
        return alone or all(_leans(s) or _subject_of(s) & stems for s in self.sentences)


def _stems_in(part: str) -> frozenset[str]:
    return frozenset(word.stem for word in read_words(part))


def _leans(sentence: str) -> bool:
    words = read_words(sentence)
    return bool(words) and words[0].text in _LEANING


def _subject_of(sentence: str) -> frozenset[str]:
    """Return the stems of what a sentence is about: the content words before its verb.

    >>> sorted(_subject_of("The idea is older than the computer."))
    ['idea']
    """
    words = read_words(sentence)
    ends = [at for at, word in enumerate(words) if word.text in VERBS and at]
    lead = content_stems(words[: ends[0]]) if ends else ()
    return frozenset((lead or content_stems(words))[:_SUBJECT_WORDS])


def windows_of(source: Source, instructions: Sequence[Sentence] = ()) -> Iterator[Window]:
    """Yield every run of up to three sentences of a source, but for those that instruct a model."""
    chunk = source.hit.chunk
    heading = " ".join(dict.fromkeys((chunk.title, *chunk.heading))).strip()
    sentences = split_sentences(chunk.text)
    for size in range(1, MOST_SENTENCES + 1):
        for first in range(len(sentences) - size + 1):
            run = sentences[first : first + size]
            if not any(holds_instruction(sentence, instructions) for sentence in run):
                yield Window(source.id, tuple(sentence.text for sentence in run), heading)
