"""The number of a list item as a reader sees it."""

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def ordinal_text(number: int, form: str) -> str:
    """Return a number as "1", "a", "A", "i" or "I" show it; nothing in another form.

    >>> ordinal_text(28, "1"), ordinal_text(28, "a"), ordinal_text(9, "I"), ordinal_text(1, "")
    ('28', 'ab', 'IX', '')
    """
    if form == "1":
        return str(number)
    if number < 1 or form not in ("a", "A", "i", "I"):
        return ""
    text = _letters(number) if form in "aA" else _roman(number)
    return text.upper() if form in "AI" else text


def _letters(number: int) -> str:
    text = ""
    while number:
        number, place = divmod(number - 1, 26)
        text = chr(ord("a") + place) + text
    return text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(min(number, 3999), value)
        text += letters * count
    return text
