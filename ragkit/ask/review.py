"""A completion as sentences with verdicts, also while it is still being said.

Each sentence is checked once, as soon as the next one begins. What may be shown is decided in
`composition`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ragkit.evidence import CitedSentence, SupportChecker, Verdict, normalise, parse_citations
from ragkit.prompting import answer_so_far
from ragkit.protocols import Encoder, SentenceListener
from ragkit.records import AnswerSentence, Completion, Source

GENERATED_SENTENCES = 3
"""Sentences of a completion that are looked at; small models go on and repeat themselves."""

_LEAST_WORDS = 3
_BEGUN_MARK = re.compile(r"\[[\d,; ]*$")
_PLACE = re.compile(r"\([^()]*\.\w{2,5}(?:, p\. \w+)?\)\s*")


@dataclass(frozen=True, slots=True)
class ReviewedSentence:
    """A sentence of a completion, the numbers that it named, and how far it is backed."""

    text: str
    cited: tuple[int, ...]
    verdict: Verdict

    @property
    def is_backed(self) -> bool:
        """Whether some source backs it."""
        return bool(self.verdict.source_ids)

    @property
    def as_answer(self) -> AnswerSentence:
        """The sentence with the citations that it should have.

        A few words that answer become the sentence of the source that says so: "40" is right and
        wrong for "Eleven of the 40 seats".
        """
        verdict = self.verdict
        in_full = verdict.is_short and self.is_backed
        return AnswerSentence(
            verdict.backing if in_full else self.text,
            verdict.source_ids,
            "quoted" if in_full else verdict.support,
            verdict.score,
            quote=verdict.backing,
            features=verdict.features,
        )


class Review:
    """Checks the sentences of one completion.

    Args:
        sources: Those in the prompt; only they can be cited.
        encoder: Measures closeness of meaning.
        question: As the user asked it; empty where sentences are to stand by themselves.
        answer_marker: What stands between reasoning and answer; empty where there is none.
        on_sentence: Told each sentence once it is checked, while the completion goes on.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        encoder: Encoder,
        *,
        question: str,
        answer_marker: str = "",
        on_sentence: SentenceListener | None = None,
    ) -> None:
        self._checker = SupportChecker(sources, encoder, question=question)
        self._in_reply = bool(question)
        self._documents = {source.hit.chunk.document for source in sources}
        self._marker = answer_marker
        self._on_sentence = on_sentence
        self._told = 0

    def follow(self, text: str) -> None:
        """Check what of a growing completion is finished, and tell it."""
        answer = answer_so_far(text, self._marker)
        if self._on_sentence is None or not answer:
            return
        begun = _BEGUN_MARK.sub("", answer)
        finished = self._claims(begun, growing=True)
        for claim in finished[self._told :]:
            self._told += 1
            self._on_sentence(self._review(claim).as_answer)

    def read(self, text: str) -> tuple[ReviewedSentence, ...]:
        """Return the first sentences of a whole answer, checked."""
        return tuple(map(self._review, self._claims(text)))

    def _claims(self, text: str, *, growing: bool = False) -> tuple[CitedSentence, ...]:
        found = claims_of(text, self._documents, in_reply=self._in_reply, growing=growing)
        return tuple(islice(found, GENERATED_SENTENCES))

    def _review(self, claim: CitedSentence) -> ReviewedSentence:
        verdict = self._checker.check(claim.text, claim.citations)
        return ReviewedSentence(claim.text, claim.citations, verdict)


def claims_of(
    text: str, documents: set[str], *, in_reply: bool, growing: bool = False
) -> Iterator[CitedSentence]:
    """Yield the sentences of an answer, each once, without marks and echoes of the prompt.

    Args:
        text: What the model said.
        documents: Whose names it may have copied from the prompt.
        in_reply: It replies to a question, so that a word may be an answer.
        growing: The last sentence may go on.
    """
    cleaned = _PLACE.sub(
        lambda match: "" if any(name in match[0] for name in documents) else match[0], text
    )
    seen = set()
    found = parse_citations(cleaned)
    alone = len(found) == 1
    for claim in found[:-1] if growing else found:
        key = normalise(claim.text)
        answers = in_reply and (alone or bool(claim.citations))
        if key not in seen and not is_fragment(claim.text, answers=answers):
            seen.add(key)
            yield claim


def is_fragment(sentence: str, *, answers: bool = False) -> bool:
    """Say whether a "sentence" is but a heading or a lead-in that the model copied or left off at.

    Args:
        sentence: Without citation marks.
        answers: It cites a source or is all that was said, so that a word may be an answer.

    >>> is_fragment("Attention."), is_fragment("It requires the following:"), is_fragment("25.")
    (True, True, False)
    >>> is_fragment("France.", answers=True), is_fragment("In France:", answers=True)
    (False, True)
    """
    few = sentence.count(" ") + 1 < _LEAST_WORDS and not answers
    return sentence.endswith((":", " et al.")) or (few and not any(c.isdigit() for c in sentence))


def finished_text(completion: Completion) -> str:
    """Return a completion without the sentence in which it ran out of tokens."""
    text = completion.text
    if completion.finish_reason == "stop":
        return text
    ends = [match.end() for match in re.finditer(r"[.!?][\"')\]]*(?:\s*\[\d+\])*(?=\s)", text)]
    return text[: ends[-1]] if ends else text
