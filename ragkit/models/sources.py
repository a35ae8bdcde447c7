"""Where a model can be fetched from, as a user writes it: a hub's repository, or a URL.

Pure functions; nothing is fetched.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ragkit.errors import UsageError

HUB_HOSTS = ("huggingface.co", "www.huggingface.co", "hf.co")

_PART = r"[A-Za-z0-9][\w.-]*"
_HUB = re.compile(
    rf"(?:hf:)?(?P<repo>{_PART}/{_PART})(?:@(?P<revision>[\w./-]+))?(?::(?P<part>[^:]+))?",
    re.ASCII,
)
_SHA256 = re.compile(r"sha256[=:]([0-9a-fA-F]{64})", re.ASCII)
_HINT = "give a name of ragkit models list, hf:owner/repo[:QUANT or file], or a URL"


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository on a hub, and what of it."""

    repo: str
    part: str = ""
    """A GGUF file's name or a quantisation such as Q4_K_M; empty for what is best."""
    revision: str = "main"

    def __str__(self) -> str:
        """Return it as a user would write it."""
        at = "" if self.revision == "main" else f"@{self.revision}"
        return f"hf:{self.repo}{at}:{self.part}".removesuffix(":")


@dataclass(frozen=True, slots=True)
class UrlSource:
    """A GGUF file anywhere."""

    url: str
    sha256: str = ""
    """What it must be; empty where the user does not say."""

    def __str__(self) -> str:
        """Return it without what may be secret: who asks, and the query."""
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{host}{port}{parts.path}"


Source = HubSource | UrlSource


def is_hub_name(name: str) -> bool:
    """Return whether a name has the form owner/model.

    >>> is_hub_name("intfloat/e5-small"), is_hub_name("../models/mine"), is_hub_name("e5-small")
    (True, False, False)
    """
    found = _HUB.fullmatch(name)
    return found is not None and found["repo"] == name


def parse_source(text: str) -> Source:
    """Return where a model is to be fetched from.

    >>> parse_source("hf:Qwen/Qwen3-4B-GGUF:Q4_K_M")
    HubSource(repo='Qwen/Qwen3-4B-GGUF', part='Q4_K_M', revision='main')
    >>> parse_source("https://huggingface.co/owner/repo/blob/main/model.gguf")
    HubSource(repo='owner/repo', part='model.gguf', revision='main')
    >>> parse_source("https://example.org/model.gguf#sha256=" + "a" * 64).sha256[:4]
    'aaaa'

    Raises:
        UsageError: It is neither.
    """
    if re.match(r"https?://", text, re.IGNORECASE):
        return _parse_url(text)
    found = _HUB.fullmatch(text)
    if found is None or ".." in text:
        raise UsageError(f"{text!r} is no place to fetch a model from", hint=_HINT)
    return HubSource(found["repo"], found["part"] or "", found["revision"] or "main")


def _parse_url(text: str) -> Source:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError as error:
        raise UsageError(f"{text!r} is no URL: {error}", hint=_HINT) from error
    if host in HUB_HOSTS:
        return _parse_hub_page(text, PurePosixPath(unquote(parts.path)))
    sha256 = _SHA256.fullmatch(parts.fragment)
    if not host or (parts.fragment and not sha256):
        raise UsageError(
            f"{text!r} is no URL to fetch from",
            hint="a URL may end with #sha256= and 64 hexadecimal digits, and no other #",
        )
    return UrlSource(parts._replace(fragment="").geturl(), sha256[1].lower() if sha256 else "")


def _parse_hub_page(text: str, path: PurePosixPath) -> HubSource:
    """Return the repository, and the file, of a page on the hub that someone copied."""
    parts = path.parts[1:]
    if len(parts) < 2 or parts[0] in ("datasets", "spaces"):
        raise UsageError(f"{text!r} is no model on the hub", hint=_HINT)
    repo = f"{parts[0]}/{parts[1]}"
    if len(parts) > 4 and parts[2] in ("blob", "resolve", "raw"):
        return HubSource(repo, "/".join(parts[4:]), parts[3])
    revision = parts[3] if len(parts) > 3 and parts[2] == "tree" else "main"
    return HubSource(repo, revision=revision)


def default_name(source: Source, part: str) -> str:
    """Return what a model is called that is fetched from there.

    >>> default_name(HubSource("owner/model-GGUF"), "Q4_K_M")
    'owner/model-GGUF:Q4_K_M'
    >>> default_name(UrlSource("https://example.org/files/my%20model-Q4.gguf?x=1"), "")
    'my-model-Q4'
    """
    if isinstance(source, HubSource):
        return f"{source.repo}:{part}" if part else source.repo
    stem = PurePosixPath(unquote(urlsplit(source.url).path)).stem
    return re.sub(r"[^\w.-]+", "-", stem, flags=re.ASCII).strip(".-") or "model"


def checked_name(name: str) -> str:
    """Return a name that a user gives to a model, checked.

    Raises:
        UsageError: It could be mistaken for a path, or is empty or too long.
    """
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]{0,79}", name, re.ASCII) or name.endswith(".gguf"):
        raise UsageError(
            f"{name!r} is no name for a model", hint="use letters, digits, '.', '-' and '_'"
        )
    return name
