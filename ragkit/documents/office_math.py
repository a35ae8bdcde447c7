"""Formulas of Word and PowerPoint (Office Math) as one line of text that keeps their meaning."""

from collections.abc import Callable
from typing import Any

from ragkit.documents.clean import subscript, superscript

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def formula_text(element: Any) -> str:
    """Return a formula as text: x², (a + b)/c, √(x), ∑_(i=1)^(n).

    Args:
        element: An lxml element of the math namespace, or a container of such elements.
    """
    name = element.tag.removeprefix(MATH) if isinstance(element.tag, str) else ""
    if name == "t":
        return element.text or ""
    if name in _FORMS:
        return _FORMS[name](element)
    if name.endswith("Pr"):  # properties
        return ""
    return "".join(formula_text(child) for child in element.iterchildren())


def _part(element: Any, name: str) -> str:
    found = element.find(f"{MATH}{name}")
    return "" if found is None else formula_text(found).strip()


def _scripts(element: Any) -> str:
    lower, upper = _part(element, "sub"), _part(element, "sup")
    return _part(element, "e") + _lower(lower) + _upper(upper)


def _lower(text: str) -> str:
    return subscript(text) if len(text) <= 1 else f"_({text})" if text else ""


def _upper(text: str) -> str:
    raised = superscript(text)
    return raised if raised != text or not text else f"^{_grouped(text)}"


def _grouped(text: str) -> str:
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _fraction(element: Any) -> str:
    return f"{_grouped(_part(element, 'num'))}/{_grouped(_part(element, 'den'))}"


def _root(element: Any) -> str:
    return f"{superscript(_part(element, 'deg'))}√{_grouped(_part(element, 'e'))}"


def _sum(element: Any) -> str:
    sign = element.find(f"{MATH}naryPr/{MATH}chr")
    symbol = "∫" if sign is None else sign.get(f"{MATH}val") or ""
    return f"{symbol}{_lower(_part(element, 'sub'))}{_upper(_part(element, 'sup'))} " + _part(
        element, "e"
    )


def _bracket(element: Any) -> str:
    marks = []
    for name, default in (("begChr", "("), ("endChr", ")")):
        mark = element.find(f"{MATH}dPr/{MATH}{name}")
        marks.append(default if mark is None else mark.get(f"{MATH}val") or "")
    inner = ", ".join(formula_text(part) for part in element.findall(f"{MATH}e"))
    return f"{marks[0]}{inner}{marks[1]}"


_FORMS: dict[str, Callable[[Any], str]] = {
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "f": _fraction,
    "rad": _root,
    "nary": _sum,
    "d": _bracket,
}
