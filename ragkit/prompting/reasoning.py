"""Where a completion stops thinking and begins to answer.

Only the answer is checked and shown as one; what comes before it is shown apart, unchecked. It
judges no content.
"""

import re
from functools import cache
from typing import NamedTuple

from ragkit.chunking import split_sentences

_THOUGHT_END = "</think>"
_THOUGHT_START = re.compile(r"\s*<think>")
_SO = r"(?:so(?! far)|therefore|thus|hence|in conclusion|in summary|to conclude|in short)\b[,:]?\s+"
_CONCLUSION = re.compile(
    rf"(?:{_SO})?(?:the )?(?:final )?answer is[,:]?\s+(?:that\s+)?|{_SO}", re.IGNORECASE
)
_DIRECT_SENTENCES = 2
"""A completion of at most so many sentences, without a marker, is an answer and no reasoning."""
_LOOP_REPEATS = 3
_LABEL = re.compile(r"[*_#\s]*(?:reasoning|thoughts?)[*_]*:[*_]*\s*", re.IGNORECASE)


class Thought(NamedTuple):
    """A completion in two parts, each without white space at its ends."""

    reasoning: str
    answer: str


def split_reasoning(text: str, marker: str, *, finished: bool = True) -> Thought:
    r"""Return what a completion says before its answer, and the answer.

    The answer begins after the last marker that has words behind it, one at the start of a line if
    there is any: a model may name the marker while it thinks, or say it once more at its end. Case
    and emphasis ("**Answer**:") do not count. Without a marker the answer is the whole of a short
    completion, else its conclusion ("So ..."), else its last sentence; one that ran out of tokens
    has no answer. What a model thinks between <think> and </think> is reasoning, marker or not.

    >>> split_reasoning("Source 2 gives the height.\nAnswer: It is 40 m high [2].", "Answer:")
    Thought(reasoning='Source 2 gives the height.', answer='It is 40 m high [2].')
    >>> split_reasoning("It is 40 m high [2].", "Answer:")
    Thought(reasoning='', answer='It is 40 m high [2].')
    >>> split_reasoning("<think>Which source?</think> It is 40 m high.", "")
    Thought(reasoning='Which source?', answer='It is 40 m high.')

    Args:
        text: What the model said.
        marker: What the strategy told it to write before the answer; empty for a strategy that asks
            for no reasoning.
        finished: Whether the model came to its end by itself.
    """
    thinking, said = _split_thinking(text)
    if not marker:
        return Thought(thinking, said)
    reasoning, answer = _split_at_marker(said, marker) or _split_unmarked(said, finished=finished)
    reasoning = _LABEL.sub("", reasoning, count=1) if _LABEL.match(reasoning) else reasoning
    return Thought("\n".join(part for part in (thinking, reasoning) if part), answer)


def answer_so_far(text: str, marker: str) -> str | None:
    """Return the answer in the beginning of a completion; None while it is still reasoning.

    >>> answer_so_far("Source 2 gives the height.", "Answer:") is None
    True
    >>> answer_so_far("Source 2 gives it. Answer: It is", "Answer:")
    'It is'
    """
    if _is_thinking(text):
        return None
    if not marker:
        return _split_thinking(text).answer
    found = _split_at_marker(_split_thinking(text).answer, marker)
    return found.answer if found else None


def is_going_round(text: str) -> bool:
    """Say whether reasoning has said one sentence so often that it will not come to an end.

    >>> is_going_round("Look at [1]. It says so. Look at [1]. It says so. Look at [1]. It")
    True
    """
    finished = [" ".join(part.text.lower().split()) for part in split_sentences(text)[:-1]]
    return any(finished.count(sentence) >= _LOOP_REPEATS for sentence in set(finished))


def _is_thinking(text: str) -> bool:
    return _THOUGHT_START.match(text) is not None and _THOUGHT_END not in text


def _split_thinking(text: str) -> Thought:
    """Return what stands between the marks of thinking, and the rest.

    The first mark may be missing: some chat templates end with it.
    """
    head, end, rest = text.rpartition(_THOUGHT_END)
    if end:
        return Thought(_THOUGHT_START.sub("", head, count=1).strip(), rest.strip())
    if _is_thinking(text):
        return Thought(_THOUGHT_START.sub("", text, count=1).strip(), "")
    return Thought("", text.strip())


def _split_at_marker(text: str, marker: str) -> Thought | None:
    found = [match for match in _marker_pattern(marker).finditer(text) if _has_words(text, match)]
    if not found:
        return None
    at_line_start = [match for match in found if match["line"] is not None]
    best = (at_line_start or found)[-1]
    return Thought(text[: best.start()].strip(), text[best.end() :].strip())


def _has_words(text: str, match: re.Match[str]) -> bool:
    return any(character.isalnum() for character in text[match.end() :])


@cache
def _marker_pattern(marker: str) -> re.Pattern[str]:
    """Return what finds a marker, with or without emphasis; group "line" where it begins a line."""
    words = [re.escape(word) for word in marker.strip().rstrip(":").split()]
    colon = r"\s*[*_]*:[*_]*" if marker.strip().endswith(":") else r"[*_]*"
    return re.compile(
        r"(?:(?P<line>(?:^|\n)[ \t#>*_-]*)|(?<!\w)[*_]*)" + r"\s+".join(words) + colon,
        re.IGNORECASE,
    )


def _split_unmarked(text: str, *, finished: bool) -> Thought:
    sentences = split_sentences(text)
    if finished and len(sentences) <= _DIRECT_SENTENCES:
        return Thought("", text)
    if not finished:
        return Thought(text, "")
    concluding = [part for part in sentences if _CONCLUSION.match(part.text.lstrip())]
    start = (concluding or sentences)[-1].start
    answer = _CONCLUSION.sub("", text[start:].strip(), count=1)
    return Thought(text[:start].strip(), answer[:1].upper() + answer[1:])
