"""Pieces of text to a stream that ends before a stop string and never shows a part of one.

It knows nothing of models or tokens.
"""

from collections.abc import Sequence

from ragkit.protocols import TextListener


def held_length(text: str, stop: Sequence[str]) -> int:
    r"""Return how many characters at the end of `text` may be the beginning of a stop string.

    >>> held_length("The leaves.\n\nQues", ["\n\nQuestion:"])
    6
    >>> held_length("The leaves.", ["\n\nQuestion:"])
    0
    """
    longest = max((len(string) for string in stop), default=0)
    for length in range(min(len(text), longest - 1), 0, -1):
        if any(string.startswith(text[-length:]) for string in stop):
            return length
    return 0


def stop_position(text: str, stop: Sequence[str]) -> int | None:
    """Return where the first stop string begins in `text`, or None where there is none.

    >>> stop_position("one END two", ["two", "END"])
    4
    """
    return min((at for string in stop if (at := text.find(string)) >= 0), default=None)


class TextStream:
    """Collects a completion and passes on what is certain to belong to it.

    >>> shown = []
    >>> stream = TextStream(["END"], shown.append)
    >>> [stream.push(piece) for piece in ("Yes. E", "N", "D more")]
    [False, False, True]
    >>> shown, stream.text
    (['Yes. '], 'Yes. ')

    Args:
        stop: Strings that end the completion; they are not part of it.
        on_text: Gets each piece as soon as it cannot be part of a stop string; True ends it.
    """

    def __init__(self, stop: Sequence[str], on_text: TextListener | None) -> None:
        self._stop = tuple(string for string in stop if string)
        self._on_text = on_text
        self._held = ""
        self._shown: list[str] = []
        self._enough = False

    @property
    def text(self) -> str:
        """What was passed on so far."""
        return "".join(self._shown)

    def push(self, piece: str) -> bool:
        """Take the next piece and return whether a stop string or the listener ended it."""
        self._held += piece
        end = stop_position(self._held, self._stop)
        if end is not None:
            self._show(end)
            self._held = ""
            return True
        self._show(len(self._held) - held_length(self._held, self._stop))
        if self._enough:
            self._held = ""
        return self._enough

    def finish(self) -> None:
        """Pass on what was held back: no stop string came of it."""
        self._show(len(self._held))

    def _show(self, length: int) -> None:
        piece, self._held = self._held[:length], self._held[length:]
        if piece:
            self._shown.append(piece)
            if self._on_text is not None and self._on_text(piece):
                self._enough = True
