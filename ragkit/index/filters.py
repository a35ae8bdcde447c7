"""A DocumentFilter as a condition in SQL; every value is bound, none is written into it."""

from ragkit.records import DocumentFilter

Condition = tuple[str, list[str]]


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
    if key == "language":
        return "language = ? COLLATE NOCASE", [value]
    found = "SELECT 1 FROM json_each(metadata) WHERE key = ? AND value = ? COLLATE NOCASE"
    return f"EXISTS ({found})", [key, value]
