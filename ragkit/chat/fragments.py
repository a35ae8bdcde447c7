"""A fragment ("in week 3?", "what about BERT?") put where its like stands in the last question."""

import re

from ragkit.chat.lexicon import ASKING, DETERMINERS, PREPOSITIONS, RELATIONAL
from ragkit.chat.phrases import Phrase, phrases_of, subject_of
from ragkit.chat.tokens import lowered, tokens_of

_OPENING = re.compile(
    r"(how many|how much|how|what|which|when|where|who|why)\s+(?=\w+)", re.IGNORECASE
)
_ADJUNCTS = frozenset("in on at during before after since until by from over".split())


def complete_fragment(fragment: str, question: str) -> str | None:
    """Return the last question with a fragment in it; None where it fits nowhere.

    >>> complete_fragment("in week 3?", "When is the homework of week 2 due?")
    'When is the homework of week 3 due'
    >>> complete_fragment("BERT?", "What dropout rate did the original Transformer use?")
    'What dropout rate did BERT use'
    """
    text = _without_same_opening(fragment.rstrip("?!. "), question)
    base = question.rstrip("?!. ")
    words = [token.word for token in tokens_of(text)]
    if not words:
        return None
    if words[0] in ASKING:
        return _ask_for_another(text, base)
    if ASKING & set(words):
        return f"{base}, and {lowered(text)}"
    return _exchanged(text, base)


def _exchanged(text: str, base: str) -> str | None:
    """Return the question with a fragment in place of its like; None where there is none."""
    first = tokens_of(text)[0].word
    preposition = first if first in PREPOSITIONS else ""
    noun = text[len(preposition) :].strip()
    found = _renumbered(noun, base)
    if found is None and preposition:
        found = _in_same_place(preposition, noun, base)
    if found is None and preposition in _ADJUNCTS:
        found = f"{base} {text}"
    if found is not None:
        return found
    if (subject := subject_of(base)) is not None:  # "the second one" is another of the same
        noun = re.sub(r"\bones?$", subject.head, noun)
    place = _place_of(noun, base)
    return None if place is None else base[: place.start] + noun + base[place.end :]


def _without_same_opening(text: str, question: str) -> str:
    """Return "for BERT" for "how many for BERT" after a question that asked how many."""
    opening = _OPENING.match(text)
    if opening and question.lower().startswith(opening[1].lower()):
        rest = text[opening.end() :]
        if tokens_of(rest)[0].word in PREPOSITIONS:
            return rest
    return text


def _ask_for_another(text: str, base: str) -> str:
    """Return the question with what it asks for exchanged, or with this asked, too."""
    asked = next((phrase for phrase in phrases_of(base) if phrase.asked), None)
    if asked is not None:
        return text[:1].upper() + text[1:] + base[asked.end :]
    return f"{base}, and {lowered(text)}"


def _renumbered(noun: str, base: str) -> str | None:
    """Return the question with another number of the same thing: "week 2" for "week 3"."""
    found = re.fullmatch(r"(?:the\s+)?(\w+)\s+(\d+|[a-d])", noun, re.IGNORECASE)
    if found is None:
        return None
    same = re.compile(rf"\b{re.escape(found[1])}\s+(?:\d+|[a-d])\b", re.IGNORECASE)
    return same.sub(noun, base, count=1) if same.search(base) else None


def _in_same_place(preposition: str, noun: str, base: str) -> str | None:
    """Return the question with another noun after the same preposition."""
    for phrase in phrases_of(base):
        if phrase.preposition == preposition:
            return base[: phrase.start] + noun + base[phrase.end :]
        if preposition == "of" and phrase.inner:
            return base[: phrase.inner.start] + noun + base[phrase.inner.end :]
    return None


def _place_of(noun: str, base: str) -> Phrase | None:
    """Return the phrase of the question that a noun is most like."""
    like = next(iter(phrases_of(noun)), None)
    subject = subject_of(base)
    if like is None or subject is None:
        return subject
    asked = next((phrase for phrase in phrases_of(base) if phrase.asked), None)
    if asked is not None and subject.is_name and not like.is_name and asked != subject:
        return asked  # "batch size?" is like a learning rate, not like Chinchilla
    every = [p for phrase in phrases_of(base) for p in (phrase.inner, phrase) if p and not p.asked]
    if any(re.search(r"\s(?:and|or)\s", phrase.text) for phrase in every):
        return None  # either of two
    return next((p for p in every if _is_like(p, like)), None) or _part_of(subject, like)


def _is_like(phrase: Phrase, like: Phrase) -> bool:
    """Say whether two noun phrases are of a kind: persons, of one main word, or names."""
    if phrase.is_person and like.is_person:
        return True
    if phrase.head == like.head:
        return not (phrase.inner and like.inner is None and phrase.is_relational)
    is_numbered = phrase.words[-1].isdigit()
    return phrase.is_name and like.is_name and phrase.inner is None and not is_numbered


def _part_of(subject: Phrase, like: Phrase) -> Phrase | None:
    """Return the part of "the advantages of dropout" that something else takes the place of."""
    if subject.inner is None or not subject.is_relational:
        return subject
    if like.head in RELATIONAL and like.words[0] in DETERMINERS:
        return Phrase(subject.outer_text, subject.start, subject.start + len(subject.outer_text))
    return subject.inner
