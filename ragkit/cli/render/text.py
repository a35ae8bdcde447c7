"""Making text safe and short enough for a terminal line."""

import unicodedata


def clean(text: str) -> str:
    r"""Return a text with no character by which it could steer a terminal.

    Line breaks and tabs stay; other control characters and those that change the direction of
    writing are dropped.

    >>> clean("a\x1b[31mb" + chr(0x202E) + "c")
    'a[31mbc'
    """
    return "".join(
        character
        for character in text
        if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    )


def one_line(text: str) -> str:
    r"""Return a text safe for a terminal, on one line.

    >>> one_line("two\n  lines")
    'two lines'
    """
    return " ".join(clean(text).split())


def shorten(text: str, length: int) -> str:
    """Return a text of at most this many characters, cut at a word.

    >>> shorten("mean pooling averages tokens", 20)
    'mean pooling …'
    """
    if len(text) <= length:
        return text
    head = text[: max(1, length - 1)]
    if text[len(head)] != " " and " " in head:
        head = head.rpartition(" ")[0]
    return head.rstrip(" ,;:") + " …"


def size_text(size_bytes: int) -> str:
    """Return a size as people write it.

    >>> size_text(98_000_000), size_text(720)
    ('98 MB', '720 B')
    """
    for limit, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size_bytes >= limit:
            value = size_bytes / limit
            return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"
    return f"{size_bytes} B"


def seconds_text(seconds: float) -> str:
    """Return a duration as people read it.

    >>> seconds_text(0.0421), seconds_text(3.14), seconds_text(125)
    ('0.04 s', '3.1 s', '2 min 5 s')
    """
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"
