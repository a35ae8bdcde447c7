"""A question and a passage as token ids: in one window, or in several where it is long.

A window is `[CLS] question [SEP] heading: stretch of the passage [SEP]`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ragkit.errors import ModelError
from ragkit.protocols import TokenSpan

MOST_TOKENS = 320
"""Of a window. Source: as in the fit; a chunk of 200 tokens with its question fits one."""
QUESTION_TOKENS = 64
HEADING_TOKENS = 32
"""What is longer is cut: a question at its beginning, a heading at its end."""
_OVERLAP = 64
"""Tokens that neighbouring windows share, so that an answer stands in one of them whole."""


class TokenWindow(NamedTuple):
    """One window, ready to be run."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    """0 for the question with what frames it, 1 for the rest."""
    first: int
    """Where in `ids` the stretch of the passage begins."""
    spans: tuple[TokenSpan, ...]
    """Where each token of that stretch stands in the passage, in characters."""


class WindowTokenizer:
    """Cuts with the tokenizer of a BERT-type encoder.

    Args:
        path: Its tokenizer.json.

    Raises:
        ModelError: It cannot be read, or has no [CLS] and [SEP].
    """

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer: Any = Tokenizer.from_file(str(path))
        except Exception as error:
            raise ModelError(f"cannot read the tokenizer {path}: {error}", hint=_MEND) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._tokenizer.encode_special_tokens = True  # a document's own "[SEP]" is but text
        self._begin, self._separate = map(self._tokenizer.token_to_id, ("[CLS]", "[SEP]"))
        if self._begin is None or self._separate is None:
            raise ModelError(f"the tokenizer {path} has no [CLS] and [SEP]", hint=_MEND)

    def windows(self, question: str, passage: str, *, heading: str = "") -> Iterator[TokenWindow]:
        """Yield the windows of a passage in order; none for one without tokens.

        Args:
            question: As the user asked it.
            passage: To be read.
            heading: What the passage stands under; may be empty.
        """
        asked = self._ids(question)[-QUESTION_TOKENS:]
        under = [*self._ids(heading)[:HEADING_TOKENS], *self._ids(":")] if heading else []
        front = [self._begin, *asked, self._separate, *under]
        encoding = self._tokenizer.encode(passage, add_special_tokens=False)
        room = MOST_TOKENS - len(front) - 1
        for start, stop in stretches(len(encoding.ids), room):
            ids = [*front, *encoding.ids[start:stop], self._separate]
            types = [0] * (len(asked) + 2) + [1] * (len(ids) - len(asked) - 2)
            spans = tuple(TokenSpan(*span) for span in encoding.offsets[start:stop])
            yield TokenWindow(tuple(ids), tuple(types), len(front), spans)

    def _ids(self, text: str) -> Sequence[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids


_MEND = "install it again: pip install --force-reinstall 'ragkit[bundled]'"


def stretches(count: int, room: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of stretches that cover so many tokens and overlap.

    >>> list(stretches(250, 250)), list(stretches(300, 250))
    ([(0, 250)], [(0, 250), (186, 300)])
    """
    for start in range(0, count, room - _OVERLAP):
        if not start or start + _OVERLAP < count:
            yield start, min(count, start + room)
