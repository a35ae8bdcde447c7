"""What a good completion is for given sources: the answer in their words, cited; or to abstain.

Pure text. A question that wants a few words gets them as they stand in the source; one that asks
why, how, or what something means gets the whole sentence.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ragkit.chunking import split_sentences
from ragkit.prompting import ABSTENTION_PHRASE, Strategy, render_worked_answer
from ragkit.records import Source
from ragkit.training.records import TrainingItem
from ragkit.training.twists import text_of
from ragkit.words import content_words, stem

_EXPLAINS = re.compile(
    r"(?i)^(?:and |but |so )?(?:why\b|explain\b|describe\b|define\b"
    r"|how\b(?! (?:many|much|long|old|far|tall|big|large|often|high|deep|fast|wide|heavy)\b)"
    r"|what (?:is|are) (?:the )?(?:meaning|definition|difference|purpose|role|function)"
    r"|what (?:happens|happened)\b|what does .* (?:mean|do)\b|what is meant by\b)"
)
_FEW_WORDS = 6
"""A span of as many explains by itself."""
_LONGEST_SENTENCE = 45
"""Words of a sentence that is still given whole."""
_TOLD = 0.6
"""Share of the words of each sentence of a reference that its source must hold: all but what joins
them, where what is said is a matter of looking it up."""
_CITES = re.compile(r"\[\d[\d,; ]*\]")


def asks_to_explain(question: str) -> bool:
    """Say whether a question wants a sentence rather than a few words.

    >>> asks_to_explain("Why do leaves fall?"), asks_to_explain("How many leaves fall?")
    (True, False)
    """
    return _EXPLAINS.match(question.strip()) is not None


class Found(NamedTuple):
    """An answer, and where it stands."""

    text: str
    """As it stands there."""
    source: Source
    sentence: str
    """Of that source, on one line."""


def find_answer(answers: Sequence[str], sources: Sequence[Source]) -> Found | None:
    """Return the first answer that stands in a sentence of a source.

    Letter case and white space do not count; words must be whole.
    """
    for answer in answers:
        form = _whole(answer)
        for source in sources:
            for evidence in source.sentences:
                sentence = " ".join(evidence.sentence.text.split())
                if found := form.search(sentence):
                    return Found(found[0], source, sentence)
    return None


def stands_in(texts: Iterable[str], sources: Sequence[Source]) -> bool:
    """Say whether one of some texts stands in what a source shows, also across its sentences."""
    forms = [_whole(text) for text in texts]
    return any(form.search(text_of([source])) for source in sources for form in forms)


def word_answer(item: TrainingItem, found: Found) -> str | None:
    """Return the right answer to an item, cited; None where it would not read well."""
    answer, source, sentence = found
    if item.reference:
        sentences = [one.text for one in split_sentences(item.reference)]
        told = all(_is_told(one, source) for one in sentences)
        return " ".join(cite(one, source.id) for one in sentences) if told else None
    explains = asks_to_explain(item.question) and len(answer.split()) < _FEW_WORDS
    text = sentence if explains and len(sentence.split()) <= _LONGEST_SENTENCE else answer
    return None if _CITES.search(text) else cite(text, source.id)


def _is_told(reference: str, source: Source) -> bool:
    """Say whether the words of a reference are those of a source: what is not may be invented."""
    told = {stem(word) for word in content_words(text_of([source]))}
    words = {stem(word) for word in content_words(reference)}
    return len(words & told) >= _TOLD * len(words)


def cite(text: str, number: int) -> str:
    """Return a text as a sentence that cites a source, as the worked examples have it.

    >>> cite("the red lighthouse", 2), cite("It was painted in 1922.", 1)
    ('The red lighthouse [2].', 'It was painted in 1922 [1].')
    """
    text = text.strip().rstrip(".,;: ")
    return f"{text[:1].upper()}{text[1:]} [{number}]."


def complete_answer(answer: str, item: TrainingItem, found: Found, strategy: Strategy) -> str:
    """Return the completion of a strategy: with reasoning before the answer where it asks for it.

    Args:
        answer: With its citation.
        item: May bring its own reasoning.
        found: What answers it, and where.
        strategy: That the prompt was made by.
    """
    reasoning = item.reasoning or f'Source {found.source.id} says: "{found.sentence}"'
    return _complete(answer, reasoning, strategy)


def complete_abstention(strategy: Strategy) -> str:
    """Return the completion that abstains."""
    return _complete(ABSTENTION_PHRASE, "No source says it.", strategy)


def _complete(answer: str, reasoning: str, strategy: Strategy) -> str:
    """Return reasoning and answer in the form that the strategy's instructions or examples have."""
    lead = "" if strategy.examples else "Reasoning: "
    return render_worked_answer(answer, f"{lead}{reasoning}", strategy.answer_marker)


def _whole(text: str) -> re.Pattern[str]:
    """Return the pattern of a text as whole words, whatever its white space and letter case."""
    words = r"\s+".join(map(re.escape, text.split()))
    start = r"(?<!\w)" if text[:1].isalnum() else ""
    end = r"(?!\w)" if text[-1:].isalnum() else ""
    return re.compile(f"{start}{words}{end}", re.IGNORECASE)
