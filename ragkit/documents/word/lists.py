"""The numbers that Word prints before list items and headings and keeps out of their text."""

from typing import Any, NamedTuple

from ragkit.documents.clean import roman_numeral

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9


class _Level(NamedTuple):
    """How one level of a list is numbered."""

    form: str
    """Word's name of it, such as decimal or lowerLetter."""
    text: str
    """With %1 for the number of the first level, and so on."""
    start: int


class ListNumbers:
    """Counts the items of a document's lists as Word does, from its first paragraph on."""

    def __init__(self, numbering: Any | None) -> None:
        """Take the root of numbering.xml, or None if the document has none."""
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._abstract_of: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        if numbering is None:
            return
        for element in numbering.findall(f"{_W}abstractNum"):
            levels = {_number(it, "ilvl"): _level(it) for it in element.findall(f"{_W}lvl")}
            self._abstract[str(element.get(f"{_W}abstractNumId"))] = levels
        for element in numbering.findall(f"{_W}num"):
            name = str(element.get(f"{_W}numId"))
            self._abstract_of[name] = _value(element, "abstractNumId")
            self._restarts[name] = {
                _number(it, "ilvl"): int(start)
                for it in element.findall(f"{_W}lvlOverride")
                if (start := _value(it, "startOverride")).isdecimal()
            }

    def next_label(self, list_id: str, level: int) -> str:
        """Return what stands before the next item of a list; "" for a bullet or an unknown list."""
        abstract = self._abstract_of.get(list_id, "")
        levels = self._abstract.get(abstract, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        for place, start in self._restarts.pop(list_id, {}).items():
            if place < _LEVELS:
                counts[place] = start - 1
        before = counts[level]
        counts[level] = levels[level].start if before is None else before + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        if levels[level].form in ("bullet", "none"):
            return ""
        label = levels[level].text
        for place in range(level + 1):
            count = counts[place]
            if f"%{place + 1}" in label and place in levels:
                number = levels[place].start if count is None else count
                label = label.replace(f"%{place + 1}", _written(number, levels[place].form))
        return label.strip()


def _level(element: Any) -> _Level:
    start = _value(element, "start")
    form = _value(element, "numFmt") or "decimal"
    return _Level(form, _value(element, "lvlText"), int(start) if start.isdecimal() else 1)


def _value(element: Any, name: str) -> str:
    found = element.find(f"{_W}{name}")
    return "" if found is None else str(found.get(f"{_W}val") or "")


def _number(element: Any, name: str) -> int:
    text = str(element.get(f"{_W}{name}") or "0")
    return int(text) if text.isdecimal() and len(text) == 1 else 0


def _written(number: int, form: str) -> str:
    """Return a number in one of Word's forms.

    >>> _written(4, "lowerRoman"), _written(28, "upperLetter"), _written(3, "decimalZero")
    ('iv', 'BB', '03')
    """
    letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else "0"
    written = {
        "decimalZero": f"{number:02}",
        "lowerLetter": letters[:20],
        "upperLetter": letters[:20].upper(),
        "lowerRoman": roman_numeral(number).lower(),
        "upperRoman": roman_numeral(number),
    }
    return written.get(form, str(number))
