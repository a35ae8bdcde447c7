"""Sources and questions changed so that another thing is right to say: values and names swapped.

A model that answers from memory, from the first source, or by a word in common is wrong on these.
Which twist an item gets is decided in `examples`; nothing is asked here.

Source: contexts with an entity swapped: Longpre et al. 2021, "Entity-Based Knowledge Conflicts in
Question Answering"; questions that a swap makes unanswerable: Zhu et al. 2019, "Learning to Ask
Unanswerable Questions for Machine Reading Comprehension".
"""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from ragkit.evaluation.drafting.swaps import swap_answer
from ragkit.records import EvidenceSentence, Source

_NAME = re.compile(r"(?<![\w’'-])[A-Z][\w’'-]+(?: (?:of |the |de |von )?[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w%])")
_POSSESSIVE = re.compile(r"(?:['’]s|['’])$")
_LONGEST_NAME = 4
_TRIES = 30


class Names:
    """The names that a set of texts holds, by how many words they have.

    Args:
        texts: Answers and questions of the set.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._by_length: dict[int, list[str]] = {}
        for name in sorted({name for text in texts for name in names_in(text)}):
            self._by_length.setdefault(len(name.split()), []).append(name)

    def another(self, name: str, *, text: str, choice: random.Random) -> str | None:
        """Return a name of as many words that a text does not hold; None where there is none."""
        same = self._by_length.get(len(name.split()), [])
        for _ in range(_TRIES if same else 0):
            other = choice.choice(same)
            if other.lower() not in text.lower() and not set(other.split()) & set(name.split()):
                return other
        return None


def names_in(text: str) -> list[str]:
    """Return the names in a text without possessive ends, but for a word that only begins it.

    >>> names_in("Who read Judge Hallam's book?")
    ['Judge Hallam']
    >>> names_in("When did Harvard University open in New York?")
    ['Harvard University', 'New York']
    >>> names_in("Warsaw"), names_in("What is it?")
    (['Warsaw'], [])
    """
    found = [match for match in _NAME.finditer(text) if len(match[0].split()) <= _LONGEST_NAME]
    whole = text.strip().rstrip(".?!")
    return [
        _POSSESSIVE.sub("", match[0]) for match in found if match.start() > 0 or match[0] == whole
    ]


def swap_value(value: str, names: Names, *, text: str, choice: random.Random) -> str | None:
    """Return another number, date or name for a value; None for one of another type.

    Args:
        value: What is to be swapped, whole.
        names: To choose from.
        text: What the new one must not stand in.
        choice: Decides.
    """
    if value[:1].isdigit():
        return swap_answer(value, text=text, seed=str(choice.random()))
    if names_in(value) == [value]:
        return names.another(value, text=text, choice=choice)
    return None


def swap_in_question(
    question: str, sources: Sequence[Source], names: Names, choice: random.Random
) -> str | None:
    """Return the question about something else, on which the sources are silent.

    A name or number that question and sources share gives way to one that no source holds.
    """
    text = text_of(sources)
    shared = [one for one in (*names_in(question), *_NUMBER.findall(question)) if one in text]
    choice.shuffle(shared)
    for value in shared:
        other = swap_value(value, names, text=f"{text} {question}", choice=choice)
        if other:
            return question.replace(value, other)
    return None


def swap_in_sources(sources: Sequence[Source], old: str, new: str) -> tuple[Source, ...]:
    """Return the sources with one text in place of another in every sentence."""
    return tuple(
        replace(source, sentences=tuple(_swap(one, old, new) for one in source.sentences))
        for source in sources
    )


def contradict(
    sources: Sequence[Source], told: Source, old: str, new: str
) -> tuple[Source, ...] | None:
    """Return the sources with another that says what one says, but for one value.

    It takes the place of another source; None where there is only one.
    """
    others = [source for source in sources if source.id != told.id]
    if not others:
        return None
    place = others[-1]
    copy = tuple(replace(_swap(one, old, new), source_id=place.id) for one in told.sentences)
    return tuple(
        replace(source, sentences=copy) if source.id == place.id else source for source in sources
    )


def rename_places(sources: Sequence[Source], choice: random.Random) -> tuple[Source, ...]:
    """Return the sources as if some stood in documents of other kinds, on a page or on none."""
    return tuple(_rename(source, choice) if choice.random() < 0.6 else source for source in sources)


def text_of(sources: Sequence[Source]) -> str:
    """Return all that the sources say, on one line."""
    return " ".join(
        " ".join(one.sentence.text.split()) for source in sources for one in source.sentences
    )


def _swap(evidence: EvidenceSentence, old: str, new: str) -> EvidenceSentence:
    text = " ".join(evidence.sentence.text.split()).replace(old, new)
    return replace(evidence, sentence=replace(evidence.sentence, text=text))


def _rename(source: Source, choice: random.Random) -> Source:
    chunk = source.hit.chunk
    stem = chunk.document.rpartition("/")[0] or chunk.document.rpartition(".")[0]
    form = choice.choice(
        ("{stem}.pdf", "lectures/week{n:02}-{stem}.pdf", "notes/{stem}.md", "slides/{n:02}.pptx",
         "{stem}.docx", "{stem}/chapter-{n}.html")
    )  # fmt: skip
    name = form.format(stem=stem, n=choice.randint(1, 14))
    page = choice.randint(1, 60) if name.endswith((".pdf", ".pptx")) else None
    renamed = replace(chunk, document=name, page=page, page_label=None)
    return replace(source, hit=replace(source.hit, chunk=renamed))
