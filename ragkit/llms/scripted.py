"""A rule in place of a model: quick, tiny and the same on every machine, for tests and suites.

It does not pretend to understand anything.
"""

import math
import re
import time
from collections.abc import Callable, Mapping, Sequence

from ragkit.errors import unknown_name
from ragkit.llms.limits import completion_limit
from ragkit.llms.streaming import TextStream
from ragkit.llms.turns import render_turns
from ragkit.prompting import ABSTENTION_PHRASE
from ragkit.protocols import TextListener
from ragkit.records import Completion, Message, ModelInfo, Sampling

_SOURCE = re.compile(r"^\[(\d+)\] \((?:[^()]|\([^()]*\))*\) (.+)$", re.MULTILINE)
_QUESTION = re.compile(r"^Question: (.+?)(?:\nAnswer[^\n]*)?\Z", re.MULTILINE | re.DOTALL)
_WORD = re.compile(r"\s*\S+")
_EXPECTED, _UNEXPECTED = math.log(0.9), math.log(1e-6)


def copy_first_source(messages: Sequence[Message]) -> str:
    r"""Return the first numbered source of the last question with its citation.

    >>> copy_first_source([Message("user", "[2] (a.pdf, p. 4) Water boils.\n\nQuestion: When?")])
    'Water boils [2].'
    """
    source = _SOURCE.search(last_user_text(messages))
    return f"{source[2].rstrip('. ')} [{source[1]}]." if source else ABSTENTION_PHRASE


def reason_first(messages: Sequence[Message]) -> str:
    r"""Return a thought that no source backs, and after "Answer:" the first source.

    >>> reason_first([Message("user", "[1] (a.pdf) Water boils.\n\nQuestion: When?")])
    'The first source is the one to look at, I think.\nAnswer: Water boils [1].'
    """
    return (
        f"The first source is the one to look at, I think.\nAnswer: {copy_first_source(messages)}"
    )


def abstain(_messages: Sequence[Message]) -> str:
    """Return that the documents do not say.

    >>> abstain([])
    'The documents do not say.'
    """
    return ABSTENTION_PHRASE


def invent(_messages: Sequence[Message]) -> str:
    """Return a fluent sentence that no source supports, citing a source that is not there.

    >>> invent([])
    'It was first described in 1987 by a committee in Geneva [9].'
    """
    return "It was first described in 1987 by a committee in Geneva [9]."


def say_nothing(_messages: Sequence[Message]) -> str:
    """Return an empty completion, after which an answer is what the sources say themselves.

    >>> say_nothing([])
    ''
    """
    return ""


def echo(messages: Sequence[Message]) -> str:
    r"""Return the question.

    >>> echo([Message("user", "[1] (a.pdf) Water.\n\nQuestion: Why is it wet?\nAnswer:")])
    'Why is it wet?'
    """
    text = last_user_text(messages)
    question = _QUESTION.search(text)
    return question[1] if question else text


def last_user_text(messages: Sequence[Message]) -> str:
    """Return what the user said last.

    >>> last_user_text([Message("user", "Hello."), Message("assistant", "Yes?")])
    'Hello.'
    """
    return next((turn.content for turn in reversed(messages) if turn.role == "user"), "")


Rule = Callable[[Sequence[Message]], str]

RULES: dict[str, Rule] = {
    "copy-first-source": copy_first_source,
    "reason-first": reason_first,
    "abstain": abstain,
    "invent": invent,
    "echo": echo,
    "say-nothing": say_nothing,
}


def _is_mostly(words: Sequence[str], other: Sequence[str]) -> bool:
    """Say whether most words of a text stand at the same places of another."""
    same = sum(word == there for word, there in zip(words, other, strict=False))
    return 2 * same > len(words)


class ScriptedLLM:
    """Says what a named rule makes of the messages; a word is a token.

    Args:
        rule: A name in `RULES`.
        context_window: Words of prompt and completion together.
        rules: Those to choose from.
        remembers: Sentences that it finds likely word by word, wherever they stand, and ends
            where the assistant has begun one.

    Raises:
        UsageError: There is no such rule.
    """

    def __init__(
        self,
        rule: str,
        *,
        context_window: int = 4096,
        rules: Mapping[str, Rule] = RULES,
        remembers: Sequence[str] = (),
    ) -> None:
        if rule not in rules:
            raise unknown_name("scripted rule", rule, rules)
        self._rule = rule
        self._say = rules[rule]
        self._remembered = [text.split() for text in remembers]
        self._context_window = context_window

    @property
    def info(self) -> ModelInfo:
        """Which rule speaks; it has no weights, so no sha256."""
        return ModelInfo(f"scripted:{self._rule}", "")

    @property
    def context_window(self) -> int:
        """Words of prompt and completion together."""
        return self._context_window

    def render_prompt(self, messages: Sequence[Message]) -> str:
        """Return the messages as "role: content", ending where the assistant speaks."""
        return render_turns(messages)

    @property
    def estimates_tokens(self) -> bool:
        """False: a word is a token."""
        return False

    def count_tokens(self, text: str) -> int:
        """Return the number of words."""
        return len(text.split())

    def generate(
        self,
        messages: Sequence[Message],
        *,
        sampling: Sampling,
        on_text: TextListener | None = None,
    ) -> Completion:
        """Return what the rule says, word by word; only length and stop strings change it.

        Raises:
            PromptError: The prompt leaves no room for a completion in the context window.
        """
        started = time.perf_counter()
        prompt_tokens = self.count_tokens(self.render_prompt(messages))
        limit = completion_limit(
            sampling.max_new_tokens,
            prompt_tokens=prompt_tokens,
            context_window=self._context_window,
        )
        words = _WORD.findall(self._recall(messages) or self._say(messages))
        stream = TextStream(sampling.stop, on_text)
        count, ended = 0, False
        for word in words[:limit]:
            count += 1
            ended = stream.push(word)
            if ended:
                break
        stream.finish()
        return Completion(
            text=stream.text,
            prompt_tokens=prompt_tokens,
            completion_tokens=count,
            finish_reason="stop" if ended or len(words) <= limit else "length",
            generate_s=time.perf_counter() - started,
        )

    def _recall(self, messages: Sequence[Message]) -> str:
        """Return how a remembered sentence goes on that the assistant has begun; else nothing."""
        if not messages or messages[-1].role != "assistant":
            return ""
        begun = messages[-1].content.split()
        known = (text for text in self._remembered if text[: len(begun)] == begun)
        return " ".join(next(known, [])[len(begun) :])

    def score_continuations(
        self, messages: Sequence[Message], continuations: Sequence[str]
    ) -> tuple[tuple[float, ...], ...]:
        """Return ln 0.9 for each word that it says or remembers there, ln 0.000001 for others.

        >>> llm, asked = ScriptedLLM("abstain"), [Message("user", "Why?")]
        >>> [[round(x, 1) for x in one] for one in llm.score_continuations(asked, ["The cat"])]
        [[-0.1, -13.8]]

        Raises:
            PromptError: The prompt and a continuation do not fit the context window.
        """
        prompt_tokens = self.count_tokens(self.render_prompt(messages))
        before_last = max((len(text.split()) - 1 for text in continuations), default=0)
        completion_limit(
            1,
            prompt_tokens=prompt_tokens + max(before_last, 0),
            context_window=self._context_window,
        )
        said = self._say(messages).split()
        return tuple(self._score(text.split(), said) for text in continuations)

    def _score(self, words: Sequence[str], said: Sequence[str]) -> tuple[float, ...]:
        """Return how likely each word is: it is said at its place, or so remembered."""
        known = [said, *(text for text in self._remembered if _is_mostly(words, text))]
        return tuple(
            _EXPECTED if any(text[at : at + 1] == [word] for text in known) else _UNEXPECTED
            for at, word in enumerate(words)
        )

    def close(self) -> None:
        """Hold nothing."""
