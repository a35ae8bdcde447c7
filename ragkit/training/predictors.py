"""What a model says next, by transformers and by llama.cpp, in one form to compare.

It compares nothing; see `ragkit.training.proof`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ragkit.llms import LoraAdapter
from ragkit.llms.native import NativeModel
from ragkit.records import Sampling
from ragkit.training.base import Base, add_lora, set_adapter
from ragkit.training.records import Recipe, TokenizedExample

LogProbabilities = NDArray[np.float32]
"""Natural logarithms, of shape (tokens, vocabulary)."""


class Prediction(NamedTuple):
    """What a model would say after a prompt, and how likely it takes what it should say to be."""

    said: tuple[int, ...]
    """Chosen greedily; ends with the token that ends a turn where the model ended it."""
    before_said: LogProbabilities
    """What each token of `said` was chosen from; empty where a model does not tell."""
    before_target: LogProbabilities
    """The same for each token of the example's completion, those before it given."""


class TorchPredictor:
    """A model of transformers with an adapter of peft: what was trained.

    Args:
        base: In fp32, without an adapter.
        recipe: How the adapter was trained: its rank, scale and layers.
        weights: Of the adapter, by peft's names.
        ends: Says of a token whether it ends a turn.

    Raises:
        UsageError: The weights are not those of an adapter by that recipe.
    """

    def __init__(
        self,
        base: Base,
        recipe: Recipe,
        weights: Mapping[str, Any],
        *,
        ends: Callable[[int], bool],
    ) -> None:
        adapted = add_lora(base, recipe)
        set_adapter(adapted, weights)
        self._model = adapted.model.eval()
        self._ends = ends

    def predict(self, example: TokenizedExample, *, limit: int, adapted: bool = True) -> Prediction:
        """Return what it says after a prompt in at most `limit` tokens, the ending one included.

        Args:
            example: Prompt and right completion.
            limit: Tokens.
            adapted: Whether the adapter is applied.
        """
        import torch

        scope = nullcontext() if adapted else self._model.disable_adapter()
        with scope, torch.inference_mode():
            given = (*example.prompt, *example.completion[:-1])
            before_target, cache = self._read(given, None, keep=len(example.completion))
            if len(given) > len(example.prompt):
                cache.crop(len(example.prompt) - len(given))
            rows, said = [before_target[0]], [int(before_target[0].argmax())]
            while len(said) < limit and not self._ends(said[-1]):
                row, cache = self._read(said[-1:], cache, keep=1)
                rows.append(row[0])
                said.append(int(row.argmax()))
        return Prediction(tuple(said[:limit]), np.stack(rows), before_target)

    def _read(
        self, tokens: Sequence[int], cache: Any, *, keep: int
    ) -> tuple[LogProbabilities, Any]:
        """Return what follows each of the last tokens, and the cache with all of them in it."""
        import torch

        given = torch.tensor([tokens], device=self._model.device)
        out = self._model(
            input_ids=given, past_key_values=cache, use_cache=True, logits_to_keep=keep
        )
        rows = torch.log_softmax(out.logits[0].float(), dim=-1)
        return rows.cpu().numpy(), out.past_key_values


class LlamaCppPredictor:
    """A GGUF file in llama.cpp with the adapter's file applied: what `ragkit ask` runs.

    Args:
        path: A GGUF file.
        adapter: None for none.
        context_window: Tokens of the longest prompt with its completion.
        threads: CPU threads.
    """

    def __init__(
        self, path: Path, adapter: LoraAdapter | None, *, context_window: int, threads: int
    ) -> None:
        self._native = NativeModel(
            path,
            context_window=context_window,
            threads=threads,
            gpu_layers=0,
            verbose=False,
            lora=adapter,
        )
        self.ends = self._native.vocabulary.ends_text
        self.close = self._native.close

    def predict(self, example: TokenizedExample, *, limit: int) -> Prediction:
        """Return what it says after a prompt in at most `limit` tokens, the ending one included."""
        rows = self._native.logits(example.prompt, example.completion)
        before_target = np.stack([_log_softmax(row) for row in rows])
        steps = self._native.generate(example.prompt, sampling=Sampling(), limit=limit)
        said = tuple(step.token for step in steps)
        if len(said) < limit:
            said += example.completion[-1:]
        return Prediction(said, before_target[:0], before_target)


def _log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return logarithms of probabilities, of shape (vocabulary,).

    >>> np.exp(_log_softmax(np.array([1.0, 1.0], dtype=np.float32)))
    array([0.5, 0.5], dtype=float32)
    """
    less = logits - logits.max()
    logs: NDArray[np.float32] = (less - np.log(np.exp(less).sum(dtype=np.float64))).astype("f4")
    return logs
