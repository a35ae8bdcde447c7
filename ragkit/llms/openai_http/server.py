"""Requests to a model server: tried again where that helps, and one clear line where it does not.

It does not know what is asked or answered.
"""

import json
import time
import weakref
from collections.abc import Iterator
from typing import Any

from ragkit.errors import ModelError
from ragkit.llms.openai_http.address import ServerAddress
from ragkit.protocols import NoticeListener

MOST_BYTES = 64_000_000
"""More than any answer has; a server that sends more is given up."""
_CONNECT_TIMEOUT_S = 5.0
_PAUSES_S = (0.25, 0.5, 1.0)
"""Before each further try, where the server asks for no longer one."""
_LONGEST_PAUSE_S = 30.0
_PASSING = frozenset({429, 500, 502, 503, 504})
_SHOWN = 200


class ServerError(ModelError):
    """A server cannot be reached, or answers otherwise than it should.

    Args:
        message: One line, with the server's address and what it says.
        hint: The next thing to do.
        status: The HTTP status; 0 where none came.
        may_pass: Whether the same request may succeed a little later.
        pause_s: How long the server asks to wait before.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        status: int = 0,
        may_pass: bool = False,
        pause_s: float = 0.0,
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.may_pass = may_pass
        self.pause_s = pause_s


class ModelServer:
    """Sends requests to one server; `close` ends its connections, as forgetting it does.

    Args:
        address: Where it is.
        api_key: Goes with each request; empty for none. No error shows it.
        timeout_s: The longest silence, while it reads a prompt or between two pieces.
        on_notice: Hears of each further try.
    """

    def __init__(
        self, address: ServerAddress, *, api_key: str, timeout_s: float, on_notice: NoticeListener
    ) -> None:
        import httpx2

        self.name = address.url
        self._api_key = api_key
        self._timeout_s = timeout_s
        self._on_notice = on_notice
        self._client = httpx2.Client(
            headers={"Authorization": f"Bearer {api_key}"} if api_key else {},
            timeout=httpx2.Timeout(timeout_s, connect=_CONNECT_TIMEOUT_S),
            trust_env=not address.is_loopback,  # a proxy of the environment is not on this machine
            follow_redirects=False,
        )
        self.close = weakref.finalize(self, self._client.close)

    def get(self, path: str) -> Any:
        """Return what the server says of itself, as parsed from JSON.

        Raises:
            ServerError: It cannot be had.
        """
        response = self._request("GET", path, None, final=frozenset())
        try:
            return self.parse(b"".join(self.read(response)))
        finally:
            response.close()

    def post(self, path: str, body: Any, *, final: frozenset[int] = frozenset()) -> Any:
        """Return an open response of success, to be read with `read` and closed.

        Args:
            path: Below the address.
            body: To be sent as JSON.
            final: HTTP statuses after which it is not tried again.

        Raises:
            ServerError: There was no such response.
        """
        return self._request("POST", path, body, final=final)

    def read(self, response: Any) -> Iterator[bytes]:
        """Yield the body of a response as it comes.

        Raises:
            ServerError: It breaks off, stays away too long, or does not end.
        """
        import httpx2

        received = 0
        try:
            for piece in response.iter_bytes():
                received += len(piece)
                if received > MOST_BYTES:
                    raise ServerError(f"{self.name} sends more than {MOST_BYTES / 1e6:.0f} MB")
                yield piece
        except httpx2.RequestError as error:
            raise self._explain(error) from error

    def parse(self, text: bytes) -> Any:
        """Return what a JSON text says.

        Raises:
            ServerError: It is none.
        """
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ServerError(
                f"{self.name} sends what is not JSON: {self.shown(text)}",
                hint="give the address of an OpenAI-compatible server, mostly ending in /v1",
            ) from error

    def shown(self, text: bytes | str) -> str:
        """Return what a server said, on one short line and without the key."""
        said = text.decode("utf-8", errors="replace") if isinstance(text, bytes) else text
        if self._api_key:
            said = said.replace(self._api_key, "…")
        line = " ".join("".join(c if c.isprintable() else " " for c in said).split())
        return line if len(line) <= _SHOWN else f"{line[:_SHOWN]} …"

    def _request(self, method: str, path: str, body: Any, *, final: frozenset[int]) -> Any:
        for pause_s in _PAUSES_S:
            try:
                return self._send(method, path, body)
            except ServerError as error:
                if not error.may_pass or error.status in final:
                    raise
                wait_s = min(max(pause_s, error.pause_s), _LONGEST_PAUSE_S)
                self._on_notice(f"{error.message}; trying again in {wait_s:g} s")
                time.sleep(wait_s)
        return self._send(method, path, body)

    def _send(self, method: str, path: str, body: Any) -> Any:
        import httpx2

        try:
            request = self._client.build_request(method, f"{self.name}/{path}", json=body)
            response = self._client.send(request, stream=True)
        except (httpx2.RequestError, httpx2.InvalidURL) as error:
            raise self._explain(error) from error
        if response.is_success:
            return response
        try:
            raise self._refusal(response)
        finally:
            response.close()

    def _refusal(self, response: Any) -> ServerError:
        """Return what a status other than success means to a user."""
        status = response.status_code
        said = self.shown(_said(b"".join(self.read(response))))
        asked = response.headers.get("retry-after", "")
        return ServerError(
            f"{self.name} answers {status}" + (f": {said}" if said else ""),
            hint=_HINTS.get(status, ""),
            status=status,
            may_pass=status in _PASSING,
            pause_s=float(asked) if asked.isdecimal() and asked.isascii() else 0.0,
        )

    def _explain(self, error: Exception) -> ServerError:
        """Return what an error of the connection means to a user."""
        import httpx2

        if isinstance(error, httpx2.ConnectTimeout):
            return ServerError(
                f"{self.name} does not answer within {_CONNECT_TIMEOUT_S:g} s", hint=_START
            )
        if isinstance(error, httpx2.TimeoutException):
            return ServerError(
                f"{self.name} was silent for {self._timeout_s:g} s",
                hint="wait longer: RAGKIT_SERVER_TIMEOUT_S=600",
            )
        if isinstance(error, httpx2.ConnectError):
            reason, is_refusal = _reason(error)
            return ServerError(
                f"cannot reach {self.name}: {reason}", hint=_START, may_pass=is_refusal
            )
        return ServerError(
            f"the connection to {self.name} broke off: {self.shown(str(error))}",
            hint="ask again, and see what the server logs",
            may_pass=isinstance(error, httpx2.NetworkError | httpx2.RemoteProtocolError),
        )


_START = "start the server, or check the address"
_HINTS = {
    401: "set the key: RAGKIT_API_KEY=…",
    403: "set a key that may use this model: RAGKIT_API_KEY=…",
    404: "check the address, mostly ending in /v1, and the model's name behind #",
    429: "wait, and ask again",
}


def _reason(error: BaseException) -> tuple[str, bool]:
    """Return why a connection could not be made, and whether the server just did not listen."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror, isinstance(cause, ConnectionError)
        cause = cause.__cause__ or cause.__context__
    return str(error), False


def _said(body: bytes) -> bytes | str:
    """Return the message in an error's body, else the body.

    >>> _said(b'{"error": {"message": "no such model"}}'), _said(b"Bad gateway")
    ('no such model', b'Bad gateway')
    """
    try:
        form = json.loads(body)
    except (ValueError, RecursionError):
        return body
    error = form.get("error", form) if isinstance(form, dict) else form
    if isinstance(error, dict):
        error = error.get("message") or error.get("detail") or error
    return error if isinstance(error, str) else body
