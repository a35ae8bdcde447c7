"""A model on a server as an LLM: requests made of messages, completions of what comes back.

It knows neither the model's tokenizer nor its chat template, so it estimates tokens.
"""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Any

from ragkit.errors import ModelError
from ragkit.llms.limits import completion_limit
from ragkit.llms.openai_http.address import ServerAddress
from ragkit.llms.openai_http.events import Piece, read_models, read_piece, split_events
from ragkit.llms.openai_http.requests import REFUSABLE, estimate_tokens, request_body
from ragkit.llms.openai_http.server import ModelServer, ServerError
from ragkit.llms.streaming import TextStream
from ragkit.llms.turns import render_turns
from ragkit.prompting.rendering import disarm
from ragkit.protocols import NoticeListener, TextListener, ignore_notice
from ragkit.records import Completion, Message, ModelInfo, Sampling

_REFUSING_FIELDS = frozenset({400, 422, 500, 501})
"""What servers answer to a field that they do not know or cannot serve."""


class OpenAIHttpLLM:
    """A model behind an OpenAI-compatible server; safe to be called from several threads.

    Args:
        address: Where the server is, and which of its models.
        api_key: Goes with each request; empty for none.
        context_window: Tokens of prompt and completion; less where the server says so.
        timeout_s: The longest silence of the server.
        on_notice: Hears of each further try.

    Raises:
        ModelError: The server cannot be reached, refuses, or does not say which model to ask.
    """

    def __init__(
        self,
        address: ServerAddress,
        *,
        api_key: str = "",
        context_window: int = 4096,
        timeout_s: float = 120.0,
        on_notice: NoticeListener = ignore_notice,
    ) -> None:
        self._server = ModelServer(
            address, api_key=api_key, timeout_s=timeout_s, on_notice=on_notice
        )
        try:
            models = self._list_models(optional=bool(address.model))
            self._model = address.model or self._only_one(models)
        except BaseException:
            self._server.close()
            raise
        said = models.get(self._model, 0)
        self._context_window = min(context_window, said) if said else context_window
        self._refused = 0  # groups of fields

    @property
    def info(self) -> ModelInfo:
        """Which model speaks, by the server's name for it; what its weights are is not known."""
        return ModelInfo(self._model, "", self._server.name)

    @property
    def context_window(self) -> int:
        """Tokens of prompt and completion together."""
        return self._context_window

    def render_prompt(self, messages: Sequence[Message]) -> str:
        """Return the messages as text; the server applies the model's own template."""
        return render_turns(
            [Message(message.role, disarm(message.content)) for message in messages]
        )

    @property
    def estimates_tokens(self) -> bool:
        """True: the tokenizer is the server's."""
        return True

    def count_tokens(self, text: str) -> int:
        """Return an estimate, mostly of some too many: the tokenizer is the server's."""
        return estimate_tokens(text)

    def generate(
        self,
        messages: Sequence[Message],
        *,
        sampling: Sampling,
        on_text: TextListener | None = None,
    ) -> Completion:
        """Return the completion; `on_text` gets each piece as it comes.

        A request is tried again as long as nothing has come. `token_logprobs` are empty where the
        server offers none; `sampling.grammar` is sent, and followed by llama.cpp's servers.

        Raises:
            PromptError: By the estimate, the prompt leaves no room in the context window.
            ModelError: The server refuses, breaks off, or sends what is no completion.
        """
        started = time.perf_counter()
        estimated = self.count_tokens(self.render_prompt(messages))
        limit = completion_limit(
            sampling.max_new_tokens,
            prompt_tokens=estimated,
            context_window=self._context_window,
        )
        stream = TextStream(sampling.stop, on_text)
        heard: list[Piece] = []
        first, ended = 0.0, False
        asked = request_body(self._model, messages, sampling, limit)
        with closing(self._ask(asked)) as pieces:
            for piece in pieces:
                first = first or (time.perf_counter() if piece.text else 0.0)
                heard.append(piece)
                ended = bool(piece.text) and stream.push(piece.text)
                if ended:
                    break
        stream.finish()
        done = time.perf_counter()
        return _completion(
            stream.text,
            heard,
            prompt_tokens=max(piece.prompt_tokens for piece in heard) or estimated,
            cut=ended,
            seconds=((first or done) - started, done - (first or done)),
        )

    def score_continuations(
        self,
        messages: Sequence[Message],  # noqa: ARG002 - what an LLM is asked
        continuations: Sequence[str],  # noqa: ARG002
    ) -> tuple[tuple[float, ...], ...]:
        """Raise a ModelError: the protocol tells only of tokens that the model chose itself."""
        raise ModelError(
            f"{self._server.name} cannot tell how likely a given text is",
            hint="name a .gguf file, or a model of: ragkit models list",
        )

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def _list_models(self, *, optional: bool) -> dict[str, int]:
        """Return the server's models with their context windows, as far as it says."""
        try:
            return read_models(self._server.get("models"))
        except ServerError as error:
            if optional and error.status in (403, 404, 405, 501):
                return {}  # it may still complete
            raise

    def _only_one(self, models: dict[str, int]) -> str:
        if len(models) == 1:
            return next(iter(models))
        found = self._server.shown(", ".join(list(models)[:10])) if models else "none"
        raise ModelError(
            f"{self._server.name} has several models, or does not name one: {found}",
            hint=f"say which: --model {self._server.name}#NAME",
        )

    def _ask(self, body: dict[str, Any]) -> Generator[Piece]:
        """Yield what the server says, without newer fields where it refuses them.

        It may refuse with a status, or by breaking off before the first word. What it refused once
        it is not sent again.
        """
        for sent in range(self._refused, len(REFUSABLE) + 1):
            left_out = {name for names in REFUSABLE[:sent] for name in names}
            kept = {name: value for name, value in body.items() if name not in left_out}
            final = _REFUSING_FIELDS if sent < len(REFUSABLE) else frozenset()
            spoke = False
            try:
                for piece in self._pieces(kept, final=final):
                    if piece.text:
                        spoke, self._refused = True, sent
                    yield piece
            except ServerError as error:
                refused = error.status in _REFUSING_FIELDS or (not error.status and error.may_pass)
                if spoke or not refused or sent == len(REFUSABLE):
                    raise
            else:
                return

    def _pieces(self, body: dict[str, Any], *, final: frozenset[int]) -> Iterator[Piece]:
        """Yield what a response says, up to the end that it tells.

        Raises:
            ServerError: It tells of an error, breaks off, or sends something else.
        """
        finished = False
        with closing(self._server.post("chat/completions", body, final=final)) as response:
            received = self._server.read(response)
            if response.headers.get("content-type", "").startswith("application/json"):
                # it does not stream
                received = iter([b"data: " + b"".join(received).replace(b"\n", b" ")])
            try:
                for data in split_events(received):
                    piece = self._read_piece(data)
                    finished = finished or bool(piece.finish_reason)
                    yield piece
            except ServerError:
                if not finished:
                    raise
        if not finished:
            raise ServerError(
                f"the completion from {self._server.name} broke off", hint=_LOOK, may_pass=True
            )

    def _read_piece(self, data: bytes) -> Piece:
        piece = read_piece(self._server.parse(data))
        if piece.error:
            raise ServerError(
                f"{self._server.name} failed: {self._server.shown(piece.error)}",
                hint=_LOOK,
                may_pass=True,
            )
        return piece


_LOOK = "ask again, and see what the server logs"


def _completion(
    text: str,
    heard: Sequence[Piece],
    *,
    prompt_tokens: int,
    cut: bool,
    seconds: tuple[float, float],
) -> Completion:
    logprobs = tuple(logprob for piece in heard for logprob in piece.logprobs)
    counted = max(piece.completion_tokens for piece in heard)
    spoken = sum(bool(piece.text) for piece in heard)
    reason = next((piece.finish_reason for piece in reversed(heard) if piece.finish_reason), "")
    return Completion(
        text=text,
        prompt_tokens=prompt_tokens,
        completion_tokens=len(logprobs) or counted or spoken,
        finish_reason="length" if reason == "length" and not cut else "stop",
        first_token_s=seconds[0],
        generate_s=seconds[1],
        token_logprobs=logprobs,
    )
