"""A GGUF file run in this process by llama.cpp.

It does not find or prepare files; see `ragkit.models`.
"""

import time
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Self

from ragkit.errors import ModelError, PromptError
from ragkit.llms.chat_template import compile_chat_template
from ragkit.llms.growing import GrowingCompletion
from ragkit.llms.limits import completion_limit
from ragkit.llms.lora import LoraAdapter
from ragkit.llms.native import NativeModel, common_length
from ragkit.llms.native.turns import tokenize_turn
from ragkit.llms.prefixes import SavedPrefixes, with_other_question
from ragkit.machine import cpu_identity, physical_cores
from ragkit.protocols import TextListener
from ragkit.records import Completion, Message, ModelInfo, Sampling


class LlamaCppLLM:
    """A model in GGUF form on the CPU, or on a GPU where llama.cpp was built for one.

    The same messages and sampling give the same completion, whatever was generated before and, on
    a CPU, by however many threads: see `NativeModel`. It serves one call at a time; `PooledLLM`
    serves several.

    Args:
        path: A GGUF file.
        name: The name that a user chose it by.
        sha256: Of the weights as they were published, which may not be this file's.
        context_window: Tokens of prompt and completion; less where the model was trained on less.
        threads: CPU threads; 0 for one per physical core.
        gpu_layers: Layers to keep on a GPU, where llama.cpp was built for one.
        lora: An adapter to apply; None for none.
        prefix_dir: Where the evaluated beginning of prompts is kept for the next process; None to
            keep none. On a GPU it is not used: reading a prompt is as quick there.
        verbose: Whether llama.cpp may write to stderr.

    Raises:
        ModelError: The file is missing, damaged, or does not fit the memory; or the adapter is
            none for it.
    """

    def __init__(  # noqa: PLR0913 - they are independent, and all but three have defaults
        self,
        path: Path,
        *,
        name: str,
        sha256: str,
        context_window: int = 4096,
        threads: int = 0,
        gpu_layers: int = 0,
        lora: LoraAdapter | None = None,
        prefix_dir: Path | None = None,
        verbose: bool = False,
    ) -> None:
        if not path.is_file():
            raise ModelError(f"there is no model at {path}", hint="ragkit models list")
        self._info = ModelInfo(name, sha256, str(path), lora.label if lora else "")
        self._native = NativeModel(
            path,
            context_window=context_window,
            threads=threads or physical_cores(),
            gpu_layers=gpu_layers,
            lora=lora,
            verbose=verbose,
        )
        self._prefixes: SavedPrefixes | None = None
        if prefix_dir and sha256 and not self._native.on_gpu:
            self._prefixes = SavedPrefixes(prefix_dir, self._identity())
        self._evaluated_before = 0
        self._template = compile_chat_template(
            self._native.chat_template,
            bos=self._native.vocabulary.bos_text,
            eos=self._native.vocabulary.eos_text,
        )

    @property
    def info(self) -> ModelInfo:
        """Which weights speak."""
        return self._info

    @property
    def context_window(self) -> int:
        """Tokens of prompt and completion together."""
        return self._native.context_window

    @property
    def layers_on_gpu(self) -> tuple[int, int]:
        """How many layers are on a GPU, and how many there are."""
        return self._native.layers_on_gpu

    def render_prompt(self, messages: Sequence[Message]) -> str:
        """Return the exact text that the model gets; no message can hold its control tokens."""
        return self._template.render(
            [
                Message(message.role, self._native.vocabulary.disarm(message.content))
                for message in messages
            ]
        )

    @property
    def estimates_tokens(self) -> bool:
        """False: the tokenizer is in the file."""
        return False

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of a rendered text, as `generate` would count them."""
        return len(self._native.vocabulary.tokenize(text))

    def count_control_tokens(self, text: str) -> int:
        """Return how many tokens of a rendered text mark turns rather than say something."""
        return len(self._native.vocabulary.control_texts(text))

    @property
    def evaluated_prompt_tokens(self) -> int:
        """How many tokens of the last prompt were evaluated, not found in the KV cache."""
        return self._evaluated_before + self._native.evaluated_prompt_tokens

    def generate(
        self,
        messages: Sequence[Message],
        *,
        sampling: Sampling,
        on_text: TextListener | None = None,
    ) -> Completion:
        """Return the completion; `on_text` gets each piece as it comes, in whole characters.

        `first_token_s` is the time up to the first token, `generate_s` the time from there on.

        Raises:
            PromptError: The prompt leaves no room for a completion in the context window.
        """
        started = time.perf_counter()
        prompt, limit = self._prepare(messages, sampling.max_new_tokens)
        self._evaluated_before = self._reuse_prefix(messages, prompt)
        growing, first = self._grow(sampling, on_text), 0.0
        for step in self._native.generate(prompt, sampling=sampling, limit=limit):
            first = first or time.perf_counter()
            if growing.add(step):
                break
        done = time.perf_counter()
        first = first or done
        seconds = {"first_token_s": first - started, "generate_s": done - first}
        completion = growing.finish(prompt_tokens=len(prompt), limit=limit, **seconds)
        return replace(completion, evaluated_prompt_tokens=self.evaluated_prompt_tokens)

    def generate_several(
        self,
        messages: Sequence[Message],
        *,
        samplings: Sequence[Sampling],
        listeners: Sequence[TextListener],
    ) -> tuple[Completion, ...]:
        """Return a completion for each of at most `MOST_SEQUENCES` ways to sample.

        The prompt is read once, and a token of each is evaluated at a time. The same samplings give
        the same completions whatever was generated before; beside others than these, one may differ
        in the last bits. All have the length that the first allows; seconds are of all together.

        Raises:
            PromptError: The prompt leaves no room for a completion in the context window.
        """
        started = time.perf_counter()
        prompt, limit = self._prepare(messages, samplings[0].max_new_tokens)
        self._evaluated_before = 0
        growing = [self._grow(*one) for one in zip(samplings, listeners, strict=True)]
        self._native.generate_several(
            prompt,
            samplings=samplings,
            limit=limit,
            take=lambda number, step: growing[number].add(step),
        )
        done = time.perf_counter() - started
        return tuple(
            one.finish(prompt_tokens=len(prompt), limit=limit, first_token_s=0.0, generate_s=done)
            for one in growing
        )

    def _prepare(self, messages: Sequence[Message], most_new: int) -> tuple[list[int], int]:
        """Return the tokens of a prompt, and how many may follow."""
        prompt = self._tokenize_prompt(self.render_prompt(messages))
        limit = completion_limit(
            most_new, prompt_tokens=len(prompt), context_window=self.context_window
        )
        return prompt, limit

    def _grow(self, sampling: Sampling, on_text: TextListener | None) -> GrowingCompletion:
        stop = (*sampling.stop, *self._template.stop)
        return GrowingCompletion(self._native.vocabulary, stop, on_text)

    def score_continuations(
        self, messages: Sequence[Message], continuations: Sequence[str]
    ) -> tuple[tuple[float, ...], ...]:
        """Return the natural log-probability of each token of each continuation of the prompt.

        The prompt is evaluated once. A continuation holds no control tokens, like a message, and
        the token that would end it is not scored.

        Raises:
            PromptError: The prompt and a continuation do not fit the context window.
        """
        text = self.render_prompt(messages)
        prompt = self._tokenize_prompt(text)
        vocabulary = self._native.vocabulary
        tokens = [vocabulary.tokenize_after(text, vocabulary.disarm(one)) for one in continuations]
        self._evaluated_before = 0
        before_last = max((len(one) - 1 for one in tokens if one), default=0)
        completion_limit(
            1, prompt_tokens=len(prompt) + before_last, context_window=self.context_window
        )
        return tuple(self._native.score(prompt, tokens))

    def tokenize_turn(self, prompt: str, completion: str) -> tuple[list[int], list[int]]:
        """Return the tokens of a rendered prompt, and of a completion with the one that ends it."""
        return tokenize_turn(self._native.vocabulary, self._template, prompt, completion)

    def without_template(self) -> Self:
        """Return the same model, asked in plain text as a base model is.

        Both share weights and cache: closing one closes the other.
        """
        plain = copy(self)
        plain._prefixes = None  # noqa: SLF001 - of its own class
        plain._template = compile_chat_template(None, bos="", eos="")  # noqa: SLF001
        return plain

    def open_another(self, *, threads: int = 1) -> Self:
        """Return the same model with a cache of its own, which may answer while this one does.

        It says what this one says. Closing one closes the other.
        """
        other = copy(self)
        other._prefixes = None  # noqa: SLF001 - of its own class
        other._native = self._native.open_another(threads=threads)  # noqa: SLF001
        return other

    def shared_tokens(self, prompt: str) -> int:
        """Return how many tokens of a rendered prompt are in the cache, left there by the last."""
        return self._native.shared_tokens(self._native.vocabulary.tokenize(prompt))

    def close(self) -> None:
        """Free the memory it holds."""
        self._native.close()

    def _identity(self) -> dict[str, object]:
        """Return all that the state after given tokens depends on, beside them."""
        return {
            "sha256": self._info.sha256,
            "file": Path(self._info.path).name,
            "size_bytes": Path(self._info.path).stat().st_size,
            "adapter": self._info.adapter,
            "library": version("llama-cpp-python"),
            "cpu": cpu_identity(),
            "context_window": self.context_window,
            "block_tokens": self._native.block_tokens,
            "attention": "plain",
        }

    def _reuse_prefix(self, messages: Sequence[Message], prompt: list[int]) -> int:
        """Restore what earlier processes read of a prompt, or keep it for later ones.

        Only for the first prompt of a process: the others find it in memory. Returns how many
        tokens were evaluated.
        """
        prefixes, self._prefixes = self._prefixes, None
        length = self._unchanging_tokens(messages, prompt) if prefixes else 0
        if prefixes is None or not length:
            return 0
        tokens = prompt[:length]
        state = prefixes.load(tokens)
        if state is not None:
            self._native.restore_prefix(tokens, state)
            return 0
        if not prefixes.was_wanted_before(tokens):
            return 0
        prefixes.save(tokens, self._native.read_prefix(tokens))
        return length

    def _unchanging_tokens(self, messages: Sequence[Message], prompt: list[int]) -> int:
        """Return how many tokens, in whole blocks, stand before the last question of a prompt."""
        other = with_other_question(messages)
        text = self.render_prompt(other) if other else ""
        common = common_length(prompt[:-1], self._native.vocabulary.tokenize(text))
        return common // self._native.block_tokens * self._native.block_tokens

    def _tokenize_prompt(self, text: str) -> list[int]:
        tokens = self._native.vocabulary.tokenize(text)
        if not tokens:
            raise PromptError("the prompt is empty", hint="give a message that says something")
        return tokens
