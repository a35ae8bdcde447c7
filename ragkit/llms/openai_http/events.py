"""What a model server sends of a completion, whole or as a stream, to pieces of text.

It does not read from the network.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

_LONGEST_LINE = 4_000_000
_END = b"[DONE]"


class Piece(NamedTuple):
    """What a server said at once."""

    text: str = ""
    logprobs: tuple[float, ...] = ()
    finish_reason: str = ""
    """Why the completion ended, where it did."""
    prompt_tokens: int = 0
    """As the server counted them; 0 where it does not say."""
    completion_tokens: int = 0
    error: str = ""
    """What went wrong at the server, in its words."""


def split_events(body: Iterable[bytes]) -> Iterator[bytes]:
    r"""Yield the data of each server-sent event of a stream, up to the one that ends it.

    Lines end only where the standard says: a text in JSON may hold other characters that a
    program takes for the end of a line.

    >>> list(split_events([b": hello\n\nda", b'ta: {"a": 1}\r\n\r\ndata: [DONE]\n\ndata: 2']))
    [b'{"a": 1}']

    Source: https://html.spec.whatwg.org/multipage/server-sent-events.html, without events of
    several lines, which no server of this kind sends.
    """
    rest = b""
    for piece in body:
        *lines, rest = (rest + piece).split(b"\n")
        if len(rest) > _LONGEST_LINE:
            lines, rest = [*lines, rest], b""
        for line in lines:
            data = _data_of(line)
            if data == _END:
                return
            if data:
                yield data
    if (data := _data_of(rest)) not in (b"", _END):
        yield data


def _data_of(line: bytes) -> bytes:
    field, _, value = line.rstrip(b"\r").partition(b":")
    return value.strip() if field == b"data" else b""


def read_piece(form: Any) -> Piece:
    """Return what an event, or a whole answer, says; what it does not say is empty.

    >>> read_piece({"choices": [{"delta": {"content": "Hi"}, "finish_reason": None}]}).text
    'Hi'
    >>> read_piece({"error": {"message": "out of memory"}}).error
    'out of memory'
    """
    if not isinstance(form, dict):
        return Piece(error=f"it sends {type(form).__name__}, not an object")
    if form.get("error"):
        return Piece(error=str(_get(form, "error", "message") or form["error"]))
    choices = form.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else {}
    text = _get(choice, "delta", "content") or _get(choice, "message", "content")
    reason = _get(choice, "finish_reason")
    return Piece(
        text=text if isinstance(text, str) else "",
        logprobs=_logprobs(_get(choice, "logprobs", "content")),
        finish_reason=reason if isinstance(reason, str) else "",
        prompt_tokens=_count(_get(form, "usage", "prompt_tokens")),
        completion_tokens=_count(_get(form, "usage", "completion_tokens")),
    )


def read_models(form: Any) -> dict[str, int]:
    """Return the context window of each model that a server lists; 0 where it does not say.

    >>> read_models({"data": [{"id": "qwen", "max_model_len": 8192}, {"id": "tiny"}]})
    {'qwen': 8192, 'tiny': 0}
    """
    rows = _get(form, "data")
    found = {}
    for row in rows if isinstance(rows, list) else ():
        name = _get(row, "id")
        if isinstance(name, str) and name:
            said = [_get(row, *path) for path in _WINDOWS]
            found[name] = min((_count(value) for value in said if _count(value)), default=0)
    return found


_WINDOWS = (
    ("max_model_len",),  # vLLM
    ("context_length",),  # OpenRouter and others
    ("context_window",),  # Groq
    ("meta", "n_ctx"),  # llama.cpp's server
    ("meta", "n_ctx_train"),
)


def _get(form: Any, *path: str) -> Any:
    for key in path:
        form = form.get(key) if isinstance(form, dict) else None
    return form


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _logprobs(tokens: Any) -> tuple[float, ...]:
    values = [_get(token, "logprob") for token in tokens] if isinstance(tokens, list) else []
    if not all(isinstance(value, int | float) for value in values):
        return ()
    return tuple(min(float(value), 0.0) for value in values)
