"""From the logits of a position to a token, and to how likely each token was.

It evaluates nothing.
"""

from contextlib import ExitStack
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragkit.errors import UsageError
from ragkit.llms.native.candidates import Candidates
from ragkit.llms.native.grammar import Grammar
from ragkit.llms.native.vocabulary import Vocabulary
from ragkit.records import Sampling


class Sampler:
    """Chooses the tokens of one completion; the caller closes it.

    Args:
        library: llama.cpp.
        vocabulary: What it chooses from.
        sampling: How it chooses.

    Raises:
        UsageError: The grammar cannot be read.
    """

    def __init__(self, library: Any, vocabulary: Vocabulary, sampling: Sampling) -> None:
        self._library = library
        self._stack = ExitStack()
        self.close = self._stack.close
        self._chain = _make_chain(library, sampling)
        self._stack.callback(library.llama_sampler_free, self._chain)
        self._grammar: Grammar | None = None
        try:
            if sampling.grammar:
                self._grammar = Grammar(library, vocabulary.handle, sampling.grammar)
                self._stack.callback(self._grammar.close)
        except BaseException:
            self.close()
            raise

    def choose(self, context: Any, logits: NDArray[np.float32], *, at: int = -1) -> int:
        """Return the token that follows one that a context evaluated, by default the last.

        Under a grammar a token is chosen freely first and only where that one is not allowed among
        those that are: judging one token is quicker than judging a vocabulary, and the
        probabilities come out the same. Source: `common_sampler_sample` of llama.cpp.

        Raises:
            UsageError: The grammar allows nothing here.
        """
        if self._grammar is None:
            return int(self._library.llama_sampler_sample(self._chain, context, at))
        candidates = Candidates(self._library, logits)
        candidates.apply(self._chain)
        token = candidates.selected
        if not self._grammar.allows(token):
            candidates = Candidates(self._library, logits)
            self._grammar.restrict(candidates)
            if not candidates.any_possible:
                raise UsageError(
                    "the grammar has no way on after what was generated so far",
                    hint="see that each of its rules can be met and can end",
                )
            candidates.apply(self._chain)
            token = candidates.selected
        self._library.llama_sampler_accept(self._chain, token)
        self._grammar.accept(token)
        return token


def _make_chain(library: Any, sampling: Sampling) -> Any:
    chain = library.llama_sampler_chain_init(library.llama_sampler_chain_default_params())
    if sampling.temperature > 0:
        steps = [
            library.llama_sampler_init_top_k(sampling.top_k),
            library.llama_sampler_init_top_p(sampling.top_p, 1),
            library.llama_sampler_init_temp(sampling.temperature),
            library.llama_sampler_init_dist(sampling.seed),
        ]
    else:
        steps = [library.llama_sampler_init_greedy()]
    for step in steps:
        library.llama_sampler_chain_add(chain, step)
    return chain


def log_probability(logits: NDArray[np.float32], token: int) -> float:
    """Return the natural log-probability of a token, of logits of shape (vocabulary,).

    >>> round(log_probability(np.array([0.0, 0.0, -1e9], dtype=np.float32), 1), 6)
    -0.693147
    """
    largest = logits.max()
    total = np.exp(logits - largest).sum(dtype=np.float64)
    return float(logits[token] - largest - np.log(total))
