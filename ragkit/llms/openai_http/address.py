"""What a user types for a model server, such as "http://localhost:8080/v1#qwen", in its parts.

It contacts nobody.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ragkit.errors import ModelError, UsageError

_EXAMPLE = "give it as http://HOST:PORT/v1, or with the model's name: http://HOST:PORT/v1#NAME"


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a model server is."""

    url: str
    """Without a slash at its end."""
    host: str
    model: str = ""
    """The name of a model there; empty for the only one."""

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine, so that no network is used."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def keeps_secrets(self) -> bool:
        """Whether nobody on the way can read what is sent."""
        return self.is_loopback or self.url.startswith("https://")


def is_server_address(model: str) -> bool:
    """Return whether a model's name is the address of a server.

    >>> is_server_address("http://localhost:8080/v1"), is_server_address("qwen.gguf")
    (True, False)
    """
    return model.lower().startswith(("http://", "https://"))


def parse_address(text: str) -> ServerAddress:
    """Return the parts of an address; one without a path gets /v1.

    >>> parse_address("http://localhost:8080#qwen/0.5b")
    ServerAddress(url='http://localhost:8080/v1', host='localhost', model='qwen/0.5b')

    Raises:
        UsageError: It has no host, or holds a password or a query.
    """
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UsageError(f"the address of the server is not one: {error}", hint=_EXAMPLE) from error
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            f"the address of {host} holds a name or password", hint="give a key as RAGKIT_API_KEY"
        )
    if not host or parts.query or any(not c.isprintable() or c == " " for c in text):
        raise UsageError("the address of the server is not one that can be used", hint=_EXAMPLE)
    path = parts.path.rstrip("/") or "/v1"
    url = f"{parts.scheme.lower()}://{parts.netloc}{path.removesuffix('/chat/completions')}"
    return ServerAddress(url, host, unquote(parts.fragment))


def refuse_network(address: ServerAddress) -> None:
    """Raise a ModelError for a server that is not on this machine.

    One that is may be asked offline too: nothing leaves the machine.
    """
    if not address.is_loopback:
        raise ModelError(
            f"{address.host} is not this machine, and the network is not to be used",
            hint="ask a model on this machine, or allow it: RAGKIT_OFFLINE=0",
        )


def find_api_key(address: ServerAddress, environment: Mapping[str, str]) -> str:
    """Return the key for a server: RAGKIT_API_KEY, else OPENAI_API_KEY where nobody can read it.

    >>> find_api_key(parse_address("http://example.org"), {"OPENAI_API_KEY": "k"})
    ''

    Raises:
        UsageError: It holds what no header can.
    """
    key = environment.get("RAGKIT_API_KEY", "").strip()
    if not key and address.keeps_secrets:
        key = environment.get("OPENAI_API_KEY", "").strip()
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise UsageError("the API key holds characters that no key has", hint="set it again")
    return key
