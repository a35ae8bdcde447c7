"""A follow-up to a question that stands alone, by rules: from the last question and its answer.

Where a pronoun can be replaced it is; a fragment takes the place of its like in the last question;
whatever else needs a context gets the last topic in front: "About dropout: which one is faster?".
"""

import re

from ragkit.chat.followups import (
    is_break,
    is_open_pronoun,
    need_of,
    strip_openers,
    words_and_breaks,
)
from ragkit.chat.fragments import complete_fragment
from ragkit.chat.history import Turn
from ragkit.chat.lexicon import (
    ASKING,
    AUXILIARIES,
    DETERMINERS,
    PERSONS,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIONAL,
    TITLES,
    VERBS,
)
from ragkit.chat.phrases import Phrase, matter_of, phrases_of, subject_of
from ragkit.chat.tokens import lowered, tokens_of

_REASONS = ("why", "how come", "why not", "why so", "how so")
_STATEMENT_WORDS = 20
_PLURAL_PRONOUNS = ("they", "them", "their", "theirs")


def rewrite_by_rules(question: str, last: Turn | None) -> str:
    """Return a question that stands alone; the same where it does already, or nothing was said.

    Args:
        question: As it was typed.
        last: The turn before it.
    """
    need = need_of(question) if last else ""
    if last is None or not need:
        return question
    rest, _ = strip_openers(question)
    if not subject_of(last.question):
        return question
    if need == "pronoun":
        rewritten = _replace_pronouns(_with_verb(rest), last)
    elif need == "fragment":
        rewritten = complete_fragment(rest, last.question)
    elif need == "bare":
        rewritten = _fill_bare(rest, last)
    else:
        rewritten = _replace_latter(rest, last.question)
    if rewritten is None:
        about = "what about " if need == "fragment" else ""
        topic = _decapitalised(matter_of(last.question), last)
        rewritten = f"About {topic}: {about}{lowered(rest)}"
    return _as_question(rewritten)


def _with_verb(rest: str) -> str:
    """Return "what about its downsides?" for "its downsides?"."""
    words = {token.word for token in tokens_of(rest)}
    spoken = words & (ASKING | AUXILIARIES | VERBS)
    return rest if spoken else f"What about {lowered(rest)}"


# --- pronouns ---


def _replace_pronouns(rest: str, last: Turn) -> str | None:
    """Return the question with what its pronouns mean; None where nothing fits."""
    tokens = words_and_breaks(rest)
    pieces, at = [], 0
    for number, token in enumerate(tokens):
        if not is_open_pronoun(tokens, number, rest):
            continue
        meant = _meant_by(token.word, last)
        if not meant:
            return None
        if token.is_contracted:  # "it's"
            meant += " is"
        following = tokens[number + 1] if number + 1 < len(tokens) else None
        end = token.end
        if token.word in POSSESSIVES and following is not None and not is_break(following):
            owned = _owned_end(rest, following.start)
            if owned > following.start:
                meant = f"the {rest[following.start : owned]} of {meant}"
                end = owned
        pieces += [rest[at : token.start], meant]
        at = end
    return "".join([*pieces, rest[at:]]) if pieces else None


def _owned_end(rest: str, start: int) -> int:
    """Return where the noun phrase ends that begins at a place; the place where there is none."""
    return next((p.end for p in phrases_of(rest) if p.start <= start < p.end), start)


def _meant_by(pronoun: str, last: Turn) -> str:
    """Return what a pronoun means: a person, or the part of the topic that agrees in number."""
    asks_who = last.question.lower().startswith("who")
    if pronoun in PERSONS or (pronoun in _PLURAL_PRONOUNS and asks_who):
        persons = [p for p in _all_phrases(last.question) if p.is_person]
        found = persons[0].text if persons else _name_in(last)
        if found or pronoun in PERSONS:
            return found
    subject = subject_of(last.question)
    if subject is None:
        return ""
    return _agreeing(subject, plural=pronoun in _PLURAL_PRONOUNS, last=last)


def _agreeing(subject: Phrase, *, plural: bool, last: Turn) -> str:
    inner = subject.inner
    if inner is None:
        return _decapitalised(subject.text, last)
    outer_fits = subject.is_plural == plural
    if inner.is_plural == plural and (not outer_fits or (subject.is_relational and not plural)):
        return inner.text
    return _decapitalised(subject.text, last)


def _all_phrases(question: str) -> list[Phrase]:
    phrases = phrases_of(question)
    return [*(p.inner for p in phrases if p.inner), *phrases]


def _name_in(last: Turn) -> str:
    """Return the first name of the answer that the question does not hold, "and" included."""
    name = r"(?:(?:Dr|Prof|Mr|Mrs|Ms)\.\s+)?[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*"
    known = last.question.lower()
    for found in re.finditer(rf"{name}(?:(?:,\s+|\s+and\s+|,\s+and\s+){name})*", last.said):
        first = found[0].split()[0].rstrip(".,").lower()
        if first in TITLES or (first not in known and not subject_is_plain(found[0])):
            return found[0]
    return ""


def subject_is_plain(text: str) -> bool:
    """Say whether a capital only begins a sentence: no noun phrase is in it."""
    return not phrases_of(text)


# --- what has no word of its own ---


def _fill_bare(rest: str, last: Turn) -> str | None:
    """Return "why?", "the downsides?", "for how long?" with their context; None for others."""
    words = [token.word for token in tokens_of(rest) if token.text[0].isalnum()]
    asked = " ".join(words)
    if asked in _REASONS:
        statement = _statement(last)
        if statement:
            return f"Why is it that {statement}"
    if words and words[-1] in RELATIONAL and not {*VERBS, "can", "could"} & set(words):
        return _of_topic(rest, last)
    is_adjunct = not words or words[0] in ASKING or words[0] in PREPOSITIONS or len(words) == 1
    if is_adjunct and len(words) <= 4:
        also = "then" if not words else lowered(rest).rstrip("?!. ")
        return f"{last.question.rstrip('?!. ')}, and {also}"
    return None


def _of_topic(rest: str, last: Turn) -> str | None:
    """Return "the downsides?" as "What about the downsides of dropout?"."""
    subject = subject_of(last.question)
    if subject is None:
        return None
    about = subject.inner.text if subject.inner and subject.is_relational else subject.text
    words, first = rest.rstrip("?!. "), tokens_of(rest)[0].word
    if first not in ASKING | AUXILIARIES:
        article = "" if first in DETERMINERS else "the "
        words = f"What about {article}{lowered(words)}"
    return f"{words} of {_decapitalised(about, last)}"


def _statement(last: Turn) -> str:
    """Return the first sentence of the answer as a clause; empty where it is none or too long."""
    if not last.answer.sentences:
        return ""
    text = last.answer.sentences[0].text.strip().rstrip(".!")
    words = text.split()
    return _decapitalised(text, last) if 2 < len(words) <= _STATEMENT_WORDS else ""


def _replace_latter(rest: str, question: str) -> str | None:
    """Return the question with "the latter" or "the former" named; None where it has neither."""
    pair = next((p for p in _all_phrases(question) if re.search(r"\s(?:and|or)\s", p.text)), None)
    found = re.search(r"\bthe\s+(latter|former)\b", rest, re.IGNORECASE)
    if pair is None or found is None:
        return None
    first, second = re.split(r"\s(?:and|or)\s", pair.text, maxsplit=1)
    chosen = second if found[1].lower() == "latter" else first
    return f"{rest[: found.start()]}{chosen}{rest[found.end() :]}"


# --- letters and marks ---


def _decapitalised(text: str, last: Turn) -> str:
    """Return a text without the capital of a sentence: one that the user writes small elsewhere."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    small = first[:1].lower() + first[1:]
    is_small = small in re.split(r"[^\w'-]+", f"{last.asked} {last.question}")
    return small + text[len(first) :] if is_small or first in ("The", "A", "An") else text


def _as_question(text: str) -> str:
    """Return a text with the capital and the mark that it should have."""
    text = re.sub(r"\s+", " ", text).strip().rstrip("?!. ")
    spoken = tokens_of(re.sub(r"^About [^:]*: ", "", text))
    mark = "." if spoken and spoken[0].word in VERBS else "?"
    return text[:1].upper() + text[1:] + mark
