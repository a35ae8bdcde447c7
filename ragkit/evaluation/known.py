"""Models whose truth is known by construction, made of the samples of a suite.

Each reads the prompt like any other model and answers by a rule that looks the question up among
the samples. A metric that cannot tell them apart in the direction that it should measures nothing.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ragkit.evaluation.records import GoldPlace, Sample
from ragkit.evaluation.scoring import covers, holds_answer
from ragkit.llms.scripted import (
    Rule,
    ScriptedLLM,
    abstain,
    copy_first_source,
    echo,
    invent,
    last_user_text,
)
from ragkit.prompting import ABSTENTION_PHRASE
from ragkit.records import Message
from ragkit.words import words_of

_NUMBERED = re.compile(r"\[(\d{1,2})\]")
_LEAST_OVERLAP = 0.6
"""Share of a question's words at the end of a prompt by which it is recognised when reworded."""
_END_WORDS = 60
_CONTEXT_WINDOW = 8192
"""Words of prompt and completion together."""


class Shown(NamedTuple):
    """A source as it stands in a prompt."""

    number: int
    text: str


@dataclass(frozen=True)
class Asked:
    """A prompt as a known model reads it: whose question it is, and the sources."""

    sample: Sample | None
    sources: tuple[Shown, ...]

    @cached_property
    def places(self) -> tuple[tuple[GoldPlace, int | None], ...]:
        """The first gold place of each part, with the number of the source that holds it.

        Where several places of a part will do, one that stands in a source comes first.
        """
        gold = self.sample.gold if self.sample else ()
        found = [(place, self._holder_of(place)) for place in gold]
        found.sort(key=lambda pair: (pair[0].part, pair[1] is None))
        parts: dict[int, tuple[GoldPlace, int | None]] = {}
        for place, number in found:
            parts.setdefault(place.part, (place, number))
        return tuple(parts.values())

    def _holder_of(self, place: GoldPlace) -> int | None:
        quote = " ".join(place.quote.split()).casefold()
        for source in self.sources:
            if quote in " ".join(source.text.split()).casefold():
                return source.number
        answers = self.sample.answers + self.sample.correction if self.sample else ()
        for source in self.sources:
            if holds_answer(answers, source.text) and covers([place.quote], [source.text]):
                return source.number
        return None


Speaker = Callable[[Asked], str]


def answer_rightly(asked: Asked) -> str:
    """Return the gold with its sources, or that the documents do not say; nothing closed-book.

    Of a sample that names no gold it is the right answer, without a source.
    """
    sample = asked.sample
    if sample is None or not asked.sources:
        return ABSTENTION_PHRASE
    if asked.places:
        return " ".join(_cite(place.quote, number) for place, number in asked.places)
    told = (sample.reference, *sample.answers, *sample.correction)
    return next((_cite(text, None) for text in told if text), ABSTENTION_PHRASE)


def never_abstain(asked: Asked) -> str:
    """Return the gold where there is any, else something invented."""
    said = answer_rightly(asked)
    return invent([]) if said == ABSTENTION_PHRASE else said


def follow_the_form(asked: Asked) -> str:
    """Return what is wrong, in perfect form: it cites the source that says otherwise."""
    twin = asked.sample.twin if asked.sample else None
    numbers = [number for _, number in asked.places if number is not None]
    first = asked.sources[0].number if asked.sources else None
    text = twin.swapped if twin else "The third council of Varness settled it in 1604."
    return _cite(text, numbers[0] if numbers else first)


def read_the_first(asked: Asked) -> str:
    """Return the gold where the first source holds it, else what the first source begins with."""
    first = asked.sources[0] if asked.sources else None
    return _read_only(asked, first)


def read_the_last(asked: Asked) -> str:
    """Return the gold where the last source holds it, else what the last source begins with."""
    last = asked.sources[-1] if asked.sources else None
    return _read_only(asked, last)


def _read_only(asked: Asked, source: Shown | None) -> str:
    if source is None:
        return ABSTENTION_PHRASE
    if any(number == source.number for _, number in asked.places):
        return answer_rightly(asked)
    begins = re.split(r"(?<=[.!?])\s", source.text, maxsplit=1)[0]
    return _cite(begins, source.number)


def cite_by_number(asked: Asked) -> str:
    """Return the gold, and always cite the first source, whichever holds it."""
    if asked.sample is None or not asked.sources or not asked.places:
        return ABSTENTION_PHRASE
    return " ".join(_cite(place.quote, asked.sources[0].number) for place, _ in asked.places)


def know_the_world(asked: Asked) -> str:
    """Return what the world says where it says anything, else the right answer."""
    if asked.sample and asked.sample.world:
        return f"It is {asked.sample.world[0]}."
    return answer_rightly(asked)


def accept_premises(asked: Asked) -> str:
    """Return that a false premise is so, else the right answer."""
    if asked.sample and asked.sample.kind == "false-premise":
        return f"Yes, because of {asked.sample.premise or 'that'}."
    return answer_rightly(asked)


def remember(asked: Asked) -> str:
    """Return the right answer whether it stands in a source or not, as if it had been learned."""
    if asked.sample and asked.sample.answers:
        return f"It is {asked.sample.answers[0]}."
    return ABSTENTION_PHRASE


def _cite(text: str, number: int | None) -> str:
    plain = " ".join(text.split()).rstrip(".")
    return f"{plain} [{number}]." if number is not None else f"{plain}."


SPEAKERS: dict[str, Speaker] = {
    "always-right": answer_rightly,
    "never-abstains": never_abstain,
    "format-only": follow_the_form,
    "first-source-only": read_the_first,
    "last-source-only": read_the_last,
    "cites-by-number": cite_by_number,
    "knows-the-world": know_the_world,
    "yes-sayer": accept_premises,
    "memoriser": remember,
}
BLIND: dict[str, Rule] = {
    "always-abstains": abstain,
    "always-invents": invent,
    "copies-first-source": copy_first_source,
    "parrot": echo,
}
KNOWN = (*SPEAKERS, *BLIND)
"""Names of the models, after "scripted:"."""


def open_known(name: str, samples: Sequence[Sample]) -> ScriptedLLM:
    """Return a model of known truth.

    Args:
        name: One of `KNOWN`.
        samples: Whose questions it will be asked.

    Raises:
        UsageError: There is no such model.
    """
    reader = Reader(samples)
    rules = {known: _rule_of(speaker, reader) for known, speaker in SPEAKERS.items()} | BLIND
    twins = [sample.twin.original for sample in samples if sample.twin]
    return ScriptedLLM(
        name,
        rules=rules,
        context_window=_CONTEXT_WINDOW,
        remembers=twins if name == "memoriser" else (),
    )


def _rule_of(speaker: Speaker, reader: "Reader") -> Rule:
    return lambda messages: speaker(reader.read(messages))


class Reader:
    """Finds the question and the sources in a prompt, whatever its form.

    Args:
        samples: Whose questions it may hold; of several with one question the first counts that is
            not asked closed-book.
    """

    def __init__(self, samples: Iterable[Sample]) -> None:
        ordered = sorted(samples, key=lambda sample: sample.kind == "closed-book")
        self._wordings: dict[str, Sample] = {}
        for sample in ordered:
            for text in (sample.question, *sample.paraphrases, *sample.translations.values()):
                self._wordings.setdefault(_even(text), sample)

    def read(self, messages: Sequence[Message]) -> Asked:
        """Return whose question the last turn of the user asks, and the sources in it."""
        text = last_user_text(messages)
        return Asked(self._sample_of(text), tuple(_sources_in(text)))

    def _sample_of(self, text: str) -> Sample | None:
        even = _even(text)
        exact = [wording for wording in self._wordings if wording in even]
        if exact:
            return self._wordings[max(exact, key=len)]
        end = set(words_of(text)[-_END_WORDS:])
        shares = [(_overlap(wording, end), wording) for wording in self._wordings]
        best, wording = max(shares, default=(0.0, ""))
        return self._wordings[wording] if best >= _LEAST_OVERLAP else None


def _even(text: str) -> str:
    return " ".join(words_of(text))


def _overlap(wording: str, words: set[str]) -> float:
    wanted = set(wording.split())
    return len(wanted & words) / len(wanted) if wanted else 0.0


def _sources_in(text: str) -> Iterable[Shown]:
    r"""Yield the numbered sources of a prompt: a line each, without what stands before the text.

    >>> list(_sources_in("[2] (a.pdf, p. 4) Water boils.\n\nQuestion: When [n]?"))
    [Shown(number=2, text='Water boils.')]
    """
    for line in text.splitlines():
        match = _NUMBERED.search(line)
        if match:
            rest = re.sub(r"^\W*\([^()]*(?:\([^()]*\))?[^()]*\)\s*", "", line[match.end() :])
            yield Shown(int(match[1]), rest.strip(" :-|\t"))
