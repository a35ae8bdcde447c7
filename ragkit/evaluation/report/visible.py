"""Text of documents and models made safe to look at: what hides or steers is shown, not dropped.

Documents are untrusted. A control character, a mark that turns the direction of writing round, or a
character that nobody sees may be the very thing to look for, so each stands there as its number.
"""

import unicodedata

_KEPT = frozenset("\n\t\u200c\u200d\u00ad")
"""Line breaks and tabs; joiners, which some scripts and emoji need; soft hyphens."""


def visible(text: str) -> str:
    r"""Return a text in which no character is hidden and none can steer what shows it.

    >>> visible("a\x1b[31m" + chr(0x202E) + "b")
    'a⟨U+001B⟩[31m⟨U+202E⟩b'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if character in _KEPT or unicodedata.category(character) not in _HIDDEN
        else f"⟨U+{ord(character):04X}⟩"
        for character in text.replace("\r\n", "\n")
    )


_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


def shorten_text(text: str, length: int) -> str:
    """Return a text of at most this many characters, cut at a word where one ends near.

    >>> shorten_text("mean pooling averages tokens", 20)
    'mean pooling…'
    """
    if len(text) <= length:
        return text
    head = text[: max(1, length - 1)]
    at_word = head.rpartition(" ")[0] if text[len(head)] != " " else head
    return (at_word if len(at_word) > length // 2 else head).rstrip(" ,;:") + "…"


def wrap_text(text: str, length: int, *, lines: int = 2) -> tuple[str, ...]:
    """Return a text as at most so many lines of at most so many characters.

    >>> wrap_text("answered and wrong, by the model alone", 18)
    ('answered and', 'wrong, by the…')
    """
    rows: list[str] = []
    rest = " ".join(text.split())
    while rest and len(rows) < lines - 1:
        if len(rest) <= length:
            break
        head = rest[: length + 1].rpartition(" ")[0] or rest[:length]
        rows.append(head)
        rest = rest[len(head) :].lstrip()
    return (*rows, shorten_text(rest, length)) if rest else tuple(rows)
