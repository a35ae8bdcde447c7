"""A DocumentFilter as a condition in SQL; every value is bound, none is written into it."""

from ragkit.records import DocumentFilter

Condition = tuple[str, list[str]]
RANGE = ".."
"""Stands between the ends of a range; one of them may be left out."""
LANGUAGE = "language"
"""A key of `where` that is a field of every document."""
DATE = "date"
"""A key whose values are days, such as 2026-10-14."""


def condition_of(within: DocumentFilter) -> Condition:
    """Return a condition on the table `documents`, and the values to bind.

    >>> condition_of(DocumentFilter(formats=("pdf", "pptx")))
    ('(format = ? OR format = ?)', ['pdf', 'pptx'])
    >>> condition_of(DocumentFilter())
    ('1', [])
    """
    groups = [
        [_is_named(path) for path in within.documents],
        [_is_under(folder) for folder in within.under],
        [("format = ?", [kind.lower().lstrip(".")]) for kind in within.formats],
    ]
    groups += (
        [_has(key, value) for other, value in within.where if other == key]
        for key in dict(within.where)
    )
    parts: list[str] = []
    values: list[str] = []
    for group in filter(None, groups):
        parts.append(f"({' OR '.join(part for part, _ in group)})")
        values += (value for _, bound in group for value in bound)
    return " AND ".join(parts) or "1", values


def _is_named(path: str) -> Condition:
    end = f"/{path.lstrip('/')}"
    return "path = ? OR substr(path, -length(?)) = ?", [path, end, end]


def _is_under(folder: str) -> Condition:
    if folder in (".", "./"):
        return "substr(path, 1, 1) != '/'", []
    start = f"{folder.removeprefix('./').rstrip('/')}/"
    return "substr(path, 1, length(?)) = ?", [start, start]


def _has(key: str, value: str) -> Condition:
    if key == LANGUAGE:
        return _meets("language", value)
    if key == DATE and RANGE not in value:  # a year or a month means all its days
        value = f"{value}{RANGE}{value}"
    condition, values = _meets("value", value)
    return f"EXISTS (SELECT 1 FROM json_each(metadata) WHERE key = ? AND {condition})", [
        key,
        *values,
    ]


def _meets(column: str, wanted: str) -> Condition:
    """Return the condition that a column holds a value or lies in a range.

    >>> _meets("value", "3")
    ('value = ? COLLATE NOCASE', ['3'])
    >>> _meets("value", "2024-10..")
    ('(substr(value, 1, length(?)) >= ?)', ['2024-10', '2024-10'])
    """
    first, is_range, last = wanted.partition(RANGE)
    if not is_range or not (first or last):
        return f"{column} = ? COLLATE NOCASE", [wanted]
    parts: list[str] = []
    values: list[str] = []
    for end, compares in ((first, ">="), (last, "<=")):
        if end.isascii() and end.isdigit():  # 10 is more than 9, and 2024-10-14 lies in 2024
            number = f"CAST({column} AS INTEGER) {compares} CAST(? AS INTEGER)"
            parts.append(f"{column} GLOB '[0-9]*' AND {number}")
            values.append(end)
        elif end:  # and 2024-10-14 lies in 2024-10
            parts.append(f"substr({column}, 1, length(?)) {compares} ?")
            values += [end, end]
    return f"({' AND '.join(parts)})", values
