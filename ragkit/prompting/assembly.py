"""A prompt that fits the context window: what is left out, and what each part costs.

Wording is the strategy's; this counts tokens and drops the lowest-ranked evidence first.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ragkit.errors import PromptError
from ragkit.prompting.rendering import (
    disarm,
    join_messages,
    render_system,
    render_user,
    render_worked_answer,
    view_source,
)
from ragkit.prompting.strategies import Strategy
from ragkit.protocols import LLM
from ragkit.records import LeftOut, Message, Prompt, Source

RESERVE_TOKENS = 8
"""Kept free, for models that count a token or two of their own."""


def assemble_prompt(
    question: str,
    evidence_sources: Sequence[Source],
    *,
    strategy: Strategy,
    llm: LLM,
    max_new_tokens: int,
) -> Prompt:
    """Return the prompt that holds as many sources as fit, best ranked first.

    The sources keep their order and numbers. Where not even one fits whole, its lowest-scored
    sentences are left out. The question is never cut.

    Args:
        question: What was asked.
        evidence_sources: What may be cited, with the sentences to show.
        strategy: How the prompt is built.
        llm: Counts the tokens.
        max_new_tokens: To be kept free for the completion.

    Raises:
        PromptError: There is no source, or the question does not fit beside one sentence.
    """
    if not evidence_sources:
        raise PromptError("there is no source to answer from")
    builder = _Builder(question, strategy, llm)
    budget = llm.context_window - max_new_tokens - RESERVE_TOKENS
    _check_question(builder, budget)
    ranked = sorted(evidence_sources, key=lambda source: source.hit.rank)
    kept_count = bisect_right(
        range(1, len(ranked) + 1), budget, key=lambda count: builder.tokens(ranked[:count])
    )
    kept = set(map(id, ranked[:kept_count]))
    sources = tuple(source for source in evidence_sources if id(source) in kept)
    if not sources:
        sources = (_shorten(ranked[0], builder, budget),)
    ledger = builder.ledger(sources)
    return Prompt(
        messages=builder.messages(sources),
        strategy=strategy.name,
        version=strategy.version,
        tokens=sum(ledger.values()),
        context_window=llm.context_window,
        sources=sources,
        dropped_sources=len(evidence_sources) - len(sources),
        ledger=ledger,
        source_tokens=builder.source_tokens(sources),
        left_out=tuple(_left_out(ranked, sources, budget)),
        examples=tuple(example.question for example in strategy.examples),
        answer_marker=strategy.answer_marker,
    )


class _Builder:
    """Messages and their token counts for one question and strategy."""

    def __init__(self, question: str, strategy: Strategy, llm: LLM) -> None:
        self.question = question
        self.strategy = strategy
        self.llm = llm
        self._system = render_system(strategy.system)
        self._turns = tuple(
            (
                render_user(strategy.user, example.question, example.sources),
                render_worked_answer(example.answer, example.reasoning, strategy.answer_marker),
            )
            for example in strategy.examples
        )

    def messages(self, sources: Sequence[Source]) -> tuple[Message, ...]:
        views = [view_source(source) for source in sources]
        user = render_user(self.strategy.user, self.question, views)
        return join_messages(self._system, self._turns, user, prefix=self.strategy.prefix)

    def tokens(self, sources: Sequence[Source]) -> int:
        return self._count(self.messages(sources))

    def ledger(self, sources: Sequence[Source]) -> dict[str, int]:
        """Return the tokens of each part: what the prompt grows by when the part is added."""
        prefix = self.strategy.prefix
        totals = (
            ("template", self._count(join_messages("", (), "", prefix=prefix))),
            ("system", self._count(join_messages(self._system, (), "", prefix=prefix))),
            ("examples", self._count(join_messages(self._system, self._turns, "", prefix=prefix))),
            ("question", self.tokens(())),
            ("sources", self.tokens(sources)),
        )
        before = (0, *(total for _, total in totals))
        return {
            name: total - earlier for (name, total), earlier in zip(totals, before, strict=False)
        }

    def source_tokens(self, sources: Sequence[Source]) -> tuple[int, ...]:
        """Return what the prompt grows by with each source, as they are shown."""
        totals = [self.tokens(sources[:count]) for count in range(len(sources) + 1)]
        return tuple(after - before for before, after in pairwise(totals))

    def _count(self, messages: Sequence[Message]) -> int:
        return self.llm.count_tokens(self.llm.render_prompt(messages))


def _check_question(builder: _Builder, budget: int) -> None:
    tokens = builder.tokens(())
    if tokens < budget:
        return
    length = builder.llm.count_tokens(disarm(builder.question))
    raise PromptError(
        f"the question is {length} tokens long; with the {builder.strategy.name} instructions it"
        f" needs {tokens} of the {max(budget, 0)} tokens that a prompt may have"
        f" (context window {builder.llm.context_window})",
        hint="ask more briefly, raise --context-window, or lower --max-new-tokens",
    )


def _left_out(ranked: Sequence[Source], shown: Sequence[Source], budget: int) -> Iterator[LeftOut]:
    """Yield what of the sources is not shown, best ranked first."""
    kept = {source.id: len(source.sentences) for source in shown}
    for source in ranked:
        missing = len(source.sentences) - kept.get(source.id, 0)
        if source.id not in kept:
            yield LeftOut(source, missing, f"does not fit into the {budget} tokens of a prompt")
        elif missing:
            yield LeftOut(source, missing, f"too long for the {budget} tokens of a prompt")


def _shorten(source: Source, builder: _Builder, budget: int) -> Source:
    """Return the source with as many of its best sentences as fit."""
    best = sorted(source.sentences, key=lambda sentence: -sentence.score)
    for count in range(len(best) - 1, 0, -1):
        kept = set(map(id, best[:count]))
        shorter = replace(
            source, sentences=tuple(one for one in source.sentences if id(one) in kept)
        )
        if builder.tokens([shorter]) <= budget:
            return shorter
    raise PromptError(
        f"not even one sentence of the best source fits beside the question: a prompt may have"
        f" {budget} tokens (context window {builder.llm.context_window})",
        hint="raise --context-window or lower --max-new-tokens",
    )
