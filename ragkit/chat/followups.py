"""Whether a question needs what was said before it, and by what it shows that.

It is careful: a question is only taken for a follow-up where a word of a closed class, or the want
of any telling word, says so. Some follow-ups are missed; what stands alone is seldom touched.
"""

import re
from typing import Literal

from ragkit.chat.lexicon import (
    ASKING,
    AUXILIARIES,
    CONNECTIVES,
    DEMONSTRATIVES,
    FUNCTION_WORDS,
    GENERIC,
    GREETINGS,
    HERE,
    OPENERS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    RELATIONAL,
    VERBS,
)
from ragkit.chat.tokens import Token, tokens_of

Need = Literal["", "fragment", "bare", "pronoun", "pointer"]
"""What a question wants from the one before it: nothing; the rest of its words ("and in week 3?");
all that it was about ("why?"); what a pronoun means; what a "that" or "the latter" points at."""

_FRAGMENT_WORDS = 6
_WHAT_ABOUT = re.compile(r"(?:what|how)\s+about\s+", re.IGNORECASE)
_OPENER = re.compile(r"[\s,.!]*(\w+)[\s,.!]+")
_EXPLETIVE = re.compile(
    r"\b(?:is|was|be|been)\s+it\s+(?:not\s+)?(?!\w+ed\b|similar\b|different\b|close\b|equal\b|due\b"
    r"|identical\b|comparable\b|specific\b)\w+\s+(?:for\s+\w+\s+|\w+\s+)?to\b"
    r"|\bit\s+(?:is|was|be)\s+(?:not\s+)?(?!\w+ed\b|similar\b|different\b)\w+\s+(?:to|that)\b"
    r"|\b(?:is|was)\s+it\s+(?:possible|allowed|permitted|required|true|likely|ok|okay|enough)\b"
    r"(?=\s+\w+)"
    r"|\bit\s+makes?\s+(?:\w+\s+)?sense\b"
    r"|\bit\s+(?:takes?\s+(?:\w+\s+){0,2}(?:to|for)|costs?\s+to|means?\s+(?:to|that|if|when|for)"
    r"|matters?\s+(?:if|whether|that|which|how))\b",
    re.IGNORECASE,
)
"""An "it" that stands for what comes after it."""
_POINTER = re.compile(
    r"\b(?:(?:which|another|each|no|the(?:\s+\w+)?|that|this)\s+ones?"
    r"(?!-|\s+(?:of|to|that|who|which|in|with|for|about|from|on|at)\b)"
    r"|the\s+(?:latter|above)|the\s+former(?=$|\s+(?:\w+er|is|are|was|were|has|have|does|do|in|for)\b)"
    r"|the\s+(?:same|others?)(?=$|\s+(?:true|for|way|apply|hold|with)\b)"
    r"|which\s+(?:is|are|was|were)\s+(?:more|less|worse|\w{2,}er)(?!.*\b(?:than|or)\b)"
    r"|^(?:compared\s+(?:to|with)|versus|vs)"
    r"|both(?:\s+of\s+them)?$|such\s+an?|(?:do|does|did|done|like|why|how)\s+so)\b",
    re.IGNORECASE,
)
_PEOPLE_WORDS = 3
"""With so many telling words "they" are people in general: "When did they stop ...?"."""
_ANOTHER = re.compile(r"the\s+\w+\s+ones?", re.IGNORECASE)


def strip_openers(question: str) -> tuple[str, bool]:
    """Return a question without the words that only tie it to the last one, and whether it had any.

    >>> strip_openers("ok, and what about RNNs?"), strip_openers("Then why?")
    (('RNNs?', True), ('why?', True))
    """
    rest, tied = question.strip(), False
    while (found := _OPENER.match(rest)) and found[1].lower() in OPENERS:
        tied = tied or found[1].lower() in ("and", "but", "or", "so", "then", "also")
        rest = rest[found.end() :]
    if found := _WHAT_ABOUT.match(rest):
        return rest[found.end() :], True
    return rest, tied


def need_of(question: str) -> Need:
    """Return what a question needs from the turn before it.

    >>> [need_of(q) for q in ("Who wrote it?", "and in week 3?", "why?", "What does that mean?")]
    ['pronoun', 'fragment', 'bare', 'pointer']
    >>> need_of("What is attention and how does it work?")
    ''
    """
    rest, tied = strip_openers(question.rstrip("?!. "))
    tokens = words_and_breaks(rest)
    words = [token.word for token in tokens if not is_break(token)]
    if any(token.is_contracted for token in tokens):
        words.append("is")  # "what's the idea?" is no fragment
    if all(word in GREETINGS for word in words) and not tied:
        return ""
    if tied and _is_fragment(words, tied=tied) and _ANOTHER.fullmatch(rest):
        return "fragment"
    points = any(_points(tokens, at) for at in range(len(tokens)))
    pointer = _POINTER.search(rest)
    if points or (pointer and not _has_clause_before(tokens, _number_at(tokens, pointer.start()))):
        return "pointer"
    if any(is_open_pronoun(tokens, at, rest) for at in range(len(tokens))):
        return "pronoun"
    if not any(_tells(word) for word in words) and not _is_about_us(words):
        return "bare"
    return "fragment" if _is_fragment(words, tied=tied) else ""


def _tells(word: str) -> bool:
    """Say whether a word says what a question is about."""
    vague = not word[0].isalnum() or word in FUNCTION_WORDS or word in PRONOUNS or word in OPENERS
    return not (vague or word in GENERIC or word in RELATIONAL or word in VERBS)


def _is_about_us(words: list[str]) -> bool:
    """Say whether a question is about who answers: "What can you do?"; not "Can you explain?"."""
    return bool({"you", "your"} & set(words)) and words[0] in ASKING


def _is_fragment(words: list[str], *, tied: bool) -> bool:
    if not words or len(words) > _FRAGMENT_WORDS or any(word in AUXILIARIES for word in words):
        return False
    if words[0] in PREPOSITIONS:
        return True
    if words[0] in ASKING:  # "which page?", "how many layers?", not "who invented dropout?"
        telling = [word for word in words if _tells(word)]
        return words[0] in ("what", "which", "how") and (tied or len(telling) == 1)
    return tied


def is_open_pronoun(tokens: tuple[Token, ...], at: int, text: str) -> bool:
    """Say whether a word is a pronoun that means nothing said before it in the same question.

    Args:
        tokens: The words of the question, and the marks that begin a clause.
        at: The number of the word among them.
        text: The question.
    """
    token = tokens[at]
    if token.word not in PRONOUNS or (token.text.isupper() and len(token.text) > 1):
        return False
    if token.word == "it" and _is_expletive(token, text):
        return False
    before = tokens[:at]
    if token.word in POSSESSIVES and any(_names(other.word) for other in before):
        return False
    if token.word == "they" and sum(_tells(other.word) for other in tokens) >= _PEOPLE_WORDS:
        return False
    if at and (
        _tells(tokens[at - 1].word) or tokens[at - 1].word in GENERIC
    ):  # "the words it predicts", said of something before
        return not any(_tells(other.word) for other in before[:-1])
    return not _has_clause_before(tokens, at)


def _is_expletive(token: Token, text: str) -> bool:
    return any(m.start() <= token.start < m.end() for m in _EXPLETIVE.finditer(text))


def words_and_breaks(text: str) -> tuple[Token, ...]:
    """Return the words of a text, and the marks at which another clause begins."""
    return tuple(token for token in tokens_of(text) if token.text[0].isalnum() or is_break(token))


def is_break(token: Token) -> bool:
    """Say whether a mark begins another clause."""
    return token.text in (",", ";", ":", ".", "?", "!", "-", "–", "—")


def _number_at(tokens: tuple[Token, ...], start: int) -> int:
    return next((n for n, token in enumerate(tokens) if token.start >= start), len(tokens))


def _has_clause_before(tokens: tuple[Token, ...], at: int) -> bool:
    """Say whether an earlier clause of the same question says something to mean."""
    breaks = [n for n in range(1, at) if tokens[n].word in CONNECTIVES or is_break(tokens[n])]
    return bool(breaks) and any(_names(token.word) for token in tokens[: breaks[-1]])


def _names(word: str) -> bool:
    return _tells(word) or word in RELATIONAL


def _points(tokens: tuple[Token, ...], at: int) -> bool:
    """Say whether a "this" or "that" points at what was said: "why is that?", "this method"."""
    token = tokens[at]
    if token.word not in DEMONSTRATIVES or _has_clause_before(tokens, at):
        return False
    before = tokens[at - 1].word if at else ""
    after = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if token.word == "that" and before in VERBS and after:
        return False  # "forget that it was trained"
    if token.word == "that" and before and before not in AUXILIARIES | PREPOSITIONS | VERBS:
        return False  # "the loss that GANs use"
    return after.removesuffix("'s") not in HERE
