r"""A GBNF grammar, and where in it a completion stands: which tokens may come next.

It chooses none of them. The form is llama.cpp's: rules such as `root ::= "yes" | "no"`, with
characters in brackets (`[0-9]`), groups, `*`, `+`, `?`, `{2,5}` and `#` for remarks; a completion
follows the rule `root` from its first character to its last.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np

from ragkit.errors import UsageError
from ragkit.llms.native.candidates import Candidates

_MOST_GROUPS = 10_000
"""Deeper nesting overruns the stack of llama.cpp's parser: at 100,000 the process ends."""
_EXAMPLE = 'write it in GBNF, such as: root ::= "yes" | "no"'
_redirecting = Lock()


class Grammar:
    """What a completion must follow, from its first token on; the caller frees it.

    Args:
        library: llama.cpp.
        vocabulary: Handle of the vocabulary whose tokens are judged.
        text: The grammar in GBNF, with a rule `root`.

    Raises:
        UsageError: It is no grammar, with the parser's reason.
    """

    def __init__(self, library: Any, vocabulary: Any, text: str) -> None:
        if "\0" in text or text.count("(") > _MOST_GROUPS:
            raise UsageError("the grammar holds a NUL or too many groups", hint=_EXAMPLE)
        self._library = library
        data = text.encode("utf-8", errors="replace")
        with _captured_stderr() as printed:
            self._handle = library.llama_sampler_init_grammar(vocabulary, data, b"root")
        if not self._handle:
            raise UsageError(f"the grammar cannot be read: {_reason(printed)}", hint=_EXAMPLE)

    def allows(self, token: int) -> bool:
        """Return whether a token may come next."""
        single = Candidates(self._library, np.zeros(1, dtype=np.float32), first=token)
        self.restrict(single)
        return single.any_possible

    def restrict(self, candidates: Candidates) -> None:
        """Make every token that may not come next impossible."""
        candidates.apply(self._handle)

    def accept(self, token: int) -> None:
        """Go on past a token that was allowed; another one would end the process."""
        self._library.llama_sampler_accept(self._handle, token)

    def close(self) -> None:
        """Free it."""
        self._library.llama_sampler_free(self._handle)


def _reason(printed: list[str]) -> str:
    r"""Return what the parser says is wrong.

    >>> _reason(["parse: error parsing grammar: expecting ')' at \n\nroot ::= ("])
    "expecting ')' at the end"
    >>> _reason([])
    "it has no rule 'root', or one that begins with itself"
    """
    _, found, rest = "".join(printed).partition("error parsing grammar: ")
    if not found:
        return "it has no rule 'root', or one that begins with itself"
    reason = rest.partition("\n")[0]
    return f"{reason}the end" if reason.endswith(" at ") else reason.rstrip()


@contextmanager
def _captured_stderr() -> Iterator[list[str]]:
    """Yield a list that holds, at the end, what C code printed to stderr meanwhile.

    The parser of grammars gives its reason nowhere else, and not to llama.cpp's log.
    """
    printed: list[str] = []
    with _redirecting, tempfile.TemporaryFile() as file:
        kept = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield printed
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            file.seek(0)
            printed.append(file.read().decode("utf-8", errors="replace"))
