"""A GGUF file in memory: it evaluates tokens, chooses the next one, and says how likely each was.

It does not know text; see `Vocabulary`.
"""

import ctypes
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from copy import copy
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ragkit.errors import ModelError
from ragkit.llms.library import load_llama_cpp
from ragkit.llms.lora import LoraAdapter
from ragkit.llms.native.adapter import apply_adapter, load_adapter
from ragkit.llms.native.processor import has_broken_amx
from ragkit.llms.native.sampling import Sampler, log_probability
from ragkit.llms.native.sequences import MOST_SEQUENCES, Branches, common_length
from ragkit.llms.native.vocabulary import Vocabulary
from ragkit.records import Sampling

_CPU_BLOCK = 128
_GPU_BLOCK = 512
_SCORING_BLOCK = 32
"""Tokens whose logits are kept at once: 4 bytes for each word of the vocabulary, 20 MB for 150,000.
Source: 35 tokens after a prompt of 202, SmolLM2-135M Q8_0: 0.2 s so, 3 s one by one, and equal bit
for bit."""


Logits = NDArray[np.float32]
"""Of shape (vocabulary,)."""


class Step(NamedTuple):
    """A token that was chosen, and its natural log-probability before sampling."""

    token: int
    logprob: float


Taker = Callable[[int, Step], bool]
"""Gets the number of a completion and its next token; True ends it."""


class NativeModel:
    """A GGUF file in memory, with its vocabulary and one sequence of evaluated tokens.

    A prompt is always evaluated in blocks of `block_tokens` that begin at multiples of it, and only
    whole blocks of an earlier prompt are used again. So each state of the cache was computed by the
    same operations on the same shapes, and the tokens that follow do not depend on what was
    generated before. Source: SmolLM2-135M Q8_0, 300 tokens of which 200 were reused: in blocks the
    logits are equal bit for bit; reused freely, as llama-cpp-python does, they differ by 0.55.

    On a CPU attention is computed plainly, each number by one thread, so that a completion does not
    depend on the number of threads either; flash attention divides a long sum among them. Source:
    6 prompts of 250 to 700 tokens, 24 to 44 new ones, by 1 and by 2 threads: all logits of all 6
    equal bit for bit without it, none of the 6 with it. CPU seconds by one thread without it and
    with it, least of three interleaved runs: a prompt of 300 tokens 0.87 and 1.05, of 700 2.2 and
    2.8, of 1,500 5.6 and 5.5; 24 tokens after these 0.51 and 0.59, 0.55 and 0.81, 0.65 and 1.24.

    Args:
        path: A GGUF file.
        context_window: Tokens wanted; less where the model was trained on less.
        threads: CPU threads.
        gpu_layers: Layers to keep on a GPU, the output counting as one. Without a GPU it says
            nothing.
        lora: An adapter to apply to all that is evaluated.
        verbose: Whether llama.cpp may write to stderr.

    Raises:
        ModelError: The file does not load, or there is no memory for the context window.
    """

    def __init__(
        self,
        path: Path,
        *,
        context_window: int,
        threads: int,
        gpu_layers: int,
        verbose: bool,
        lora: LoraAdapter | None = None,
    ) -> None:
        library = load_llama_cpp(verbose=verbose)
        self._library = library
        self._weights_of: NativeModel | None = None
        self._stack = ExitStack()
        self.close = weakref.finalize(self, self._stack.close)
        library.llama_backend_init()
        self._model = self._load(path, gpu_layers)
        self._adapter = load_adapter(library, self._model, lora, verbose=verbose) if lora else None
        self.vocabulary = Vocabulary(library, self._model)
        trained = library.llama_model_n_ctx_train(self._model)
        self.context_window = min(context_window, trained) if trained > 0 else context_window
        layers = library.llama_model_n_layer(self._model) + 1
        offloaded = min(gpu_layers, layers) if library.llama_supports_gpu_offload() else 0
        self.layers_on_gpu: tuple[int, int] = (offloaded, layers)
        self.on_gpu = offloaded > 0
        self.block_tokens = min(_GPU_BLOCK if self.on_gpu else _CPU_BLOCK, self.context_window)
        self._begin(threads)

    def open_another(self, *, threads: int) -> Self:
        """Return one with the same weights and a cache of its own, which may work beside this one.

        Closing one closes all.
        """
        other = copy(self)
        other._weights_of = self  # noqa: SLF001 - they live as long as any of these does
        other._begin(threads)  # noqa: SLF001
        return other

    def _begin(self, threads: int) -> None:
        """Make a context, in which nothing is evaluated yet."""
        library = self._library
        self._context = self._make_context(threads)
        if self._adapter:
            apply_adapter(library, self._context, self._adapter)
        self._memory = library.llama_get_memory(self._context)
        self._evaluated: list[int] = []
        self.evaluated_prompt_tokens = 0

    def _load(self, path: Path, gpu_layers: int) -> Any:
        library = self._library
        params = library.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        params.use_extra_bufts = not has_broken_amx(library.llama_print_system_info())
        model = library.llama_model_load_from_file(str(path).encode(), params)
        if not model:
            raise ModelError(
                f"{path} is damaged or not a GGUF file that llama.cpp can read",
                hint="see which models are whole: ragkit models list",
            )
        self._stack.callback(library.llama_model_free, model)
        return model

    def _make_context(self, threads: int) -> Any:
        library = self._library
        params = library.llama_context_default_params()
        params.n_ctx = self.context_window
        params.n_batch = params.n_ubatch = self.block_tokens
        params.n_threads = params.n_threads_batch = threads
        params.flash_attn_type = (
            library.LLAMA_FLASH_ATTN_TYPE_AUTO
            if self.on_gpu
            else library.LLAMA_FLASH_ATTN_TYPE_DISABLED
        )
        params.n_seq_max, params.kv_unified = MOST_SEQUENCES, True
        params.no_perf = True
        context = library.llama_init_from_model(self._model, params)
        if not context:
            raise ModelError(
                f"no memory for a context window of {self.context_window} tokens",
                hint="ask for a smaller one: RAGKIT_CONTEXT_WINDOW=2048",
            )
        self._stack.callback(library.llama_free, context)
        return context

    @property
    def chat_template(self) -> str | None:
        """The Jinja template in the file, if it holds one."""
        template = self._library.llama_model_chat_template(self._model, None)
        return template.decode("utf-8", errors="replace") if template else None

    def generate(self, prompt: Sequence[int], *, sampling: Sampling, limit: int) -> Iterator[Step]:
        """Yield at most `limit` tokens that follow a prompt, without the one that ends the text."""
        with closing(Sampler(self._library, self.vocabulary, sampling)) as sampler:
            self._evaluate_prompt(list(prompt))
            for count in range(1, limit + 1):
                logits = self._logits(-1)
                token = sampler.choose(self._context, logits)
                if self.vocabulary.ends_text(token):
                    return
                yield Step(token, log_probability(logits, token))
                if count < limit:
                    self._evaluate([token])

    def generate_several(
        self, prompt: Sequence[int], *, samplings: Sequence[Sampling], limit: int, take: Taker
    ) -> None:
        """Choose at most `limit` tokens for each of several completions of a prompt, read once.

        Args:
            prompt: What all of them go on from.
            samplings: How each is chosen; at most `MOST_SEQUENCES`.
            limit: Tokens of each.
            take: Gets each token with the number of its completion; True ends that one.
        """
        with ExitStack() as stack:
            samplers = [
                stack.enter_context(closing(Sampler(self._library, self.vocabulary, sampling)))
                for sampling in samplings
            ]
            self._evaluate_prompt(list(prompt))
            branches = Branches(
                self._library,
                self._context,
                self._memory,
                count=len(samplers),
                prompt_tokens=len(prompt),
            )
            stack.enter_context(closing(branches))
            going = dict.fromkeys(range(len(samplers)), -1)
            for count in range(1, limit + 1):
                tokens: dict[int, int] = {}
                for number, at in going.items():
                    logits = self._logits(at)
                    token = samplers[number].choose(self._context, logits, at=at)
                    if self.vocabulary.ends_text(token):
                        continue
                    if not take(number, Step(token, log_probability(logits, token))):
                        tokens[number] = token
                if not tokens or count == limit:
                    return
                going = branches.evaluate(tokens, position=len(prompt) + count - 1)

    def score(
        self, prompt: Sequence[int], continuations: Sequence[Sequence[int]]
    ) -> Iterator[tuple[float, ...]]:
        """Yield the log-probability of each token of each continuation, the prompt read once."""
        self._evaluate_prompt(list(prompt))
        first = self._logits(-1).copy()
        for number, tokens in enumerate(continuations):
            if number and not self._library.llama_memory_seq_rm(self._memory, 0, len(prompt), -1):
                self._evaluate_prompt(list(prompt))
            rows = zip(self._logits_before(tokens, first), tokens, strict=True)
            yield tuple(log_probability(logits, token) for logits, token in rows)

    def logits(self, prompt: Sequence[int], continuation: Sequence[int]) -> Iterator[Logits]:
        """Yield what each token of a continuation is chosen from; to be used before the next."""
        self._evaluate_prompt(list(prompt))
        return self._logits_before(continuation, self._logits(-1).copy())

    def _logits_before(self, tokens: Sequence[int], first: Logits) -> Iterator[Logits]:
        """Yield the logits before each of some tokens, of which the first are known."""
        yield from [first][: len(tokens)]
        for start in range(1, len(tokens), _SCORING_BLOCK):
            evaluated = tokens[start - 1 : -1][:_SCORING_BLOCK]
            self._evaluate(evaluated, all_logits=True)
            yield from (self._logits(at) for at in range(len(evaluated)))

    def read_prefix(self, tokens: Sequence[int]) -> bytes:
        """Evaluate tokens that fill whole blocks, and return the state after them."""
        self._evaluate_prompt(list(tokens))
        size = self._library.llama_state_seq_get_size(self._context, 0)
        buffer = (ctypes.c_uint8 * size)()
        written = self._library.llama_state_seq_get_data(self._context, buffer, size, 0)
        return ctypes.string_at(buffer, written)

    def restore_prefix(self, tokens: Sequence[int], state: bytes) -> None:
        """Take a state for that after these tokens; what llama.cpp refuses is forgotten.

        Whether it is whole, and was read in the same way, is for the caller to know.
        """
        self._evaluated = []
        self._library.llama_memory_clear(self._memory, 1)
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        taken = self._library.llama_state_seq_set_data(self._context, buffer, len(state), 0)
        if taken == len(state):
            self._evaluated = list(tokens)
        else:
            self._library.llama_memory_clear(self._memory, 1)

    def _logits(self, position: int) -> Logits:
        """Return the logits of a position of the last batch, as llama.cpp holds them."""
        pointer = self._library.llama_get_logits_ith(self._context, position)
        return np.ctypeslib.as_array(pointer, (self.vocabulary.size,))

    def shared_tokens(self, prompt: Sequence[int]) -> int:
        """Return how many tokens of a prompt, in whole blocks, need not be evaluated again."""
        common = common_length(self._evaluated, prompt[:-1])
        return common // self.block_tokens * self.block_tokens

    def _evaluate_prompt(self, prompt: list[int]) -> None:
        size = self.block_tokens
        kept = self.shared_tokens(prompt)
        if not (kept and self._library.llama_memory_seq_rm(self._memory, 0, kept, -1)):
            self._library.llama_memory_clear(self._memory, 1)
            kept = 0
        self._evaluated = prompt[:kept]
        self.evaluated_prompt_tokens = len(prompt) - kept
        for start in range(kept, len(prompt), size):
            self._evaluate(prompt[start : start + size])
            self._evaluated = prompt[: start + size]

    def _evaluate(self, tokens: Sequence[int], *, all_logits: bool = False) -> None:
        """Evaluate tokens that follow, keeping the logits of the last one or of all of them."""
        array = (self._library.llama_token * len(tokens))(*tokens)
        batch = self._library.llama_batch_get_one(array, len(tokens))
        if all_logits:
            batch.logits = (ctypes.c_int8 * len(tokens))(*[1] * len(tokens))
        status = self._library.llama_decode(self._context, batch)
        if status != 0:
            self._evaluated = []
            raise ModelError(f"llama.cpp could not evaluate {len(tokens)} tokens (code {status})")
