"""Records to JSON values and back, by their types; nothing is written for one record alone.

A form may hold keys that a record does not know, from a later version, and may lack those that have
a default.
"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


def form_of(value: Any) -> Any:
    """Return a record as JSON values.

    >>> from ragkit.evaluation.records import GoldPlace
    >>> form_of(GoldPlace("a.md", 1, 5, "text"))["quote"]
    'text'
    """
    if is_dataclass(value):
        return {field.name: form_of(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): form_of(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [form_of(item) for item in value]
    return _plain(value)


def _plain(value: Any) -> Any:
    """Return a value that has no parts; numbers of numpy become plain ones."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def record_of(kind: type[Record], form: Any) -> Record:
    """Return the record of a form.

    >>> from ragkit.evaluation.records import GoldPlace
    >>> form = {"document": "a.md", "start": 1, "end": 5, "quote": "text", "of_tomorrow": 1}
    >>> record_of(GoldPlace, form) == GoldPlace("a.md", 1, 5, "text")
    True

    Raises:
        ValueError: The form is none of such a record.
    """
    try:
        return cast("Record", _read(kind, form))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no {kind.__name__}: {error!r}") from error


def _read(kind: Any, form: Any) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        return _read_record(kind, form)
    if get_origin(kind) is not None:
        return _read_generic(get_origin(kind), get_args(kind), form)
    if kind in (Path, float) and form is not None:
        return kind(form)
    return form


def _read_generic(origin: Any, arguments: tuple[Any, ...], form: Any) -> Any:
    if origin in (Union, types.UnionType):
        return _read_union(arguments, form)
    if origin is tuple:
        return _read_tuple(arguments, form)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _read(arguments[1], item) for key, item in form.items()}
    return form


def _read_record(kind: type, form: Mapping[str, Any]) -> Any:
    given = {}
    for name, (hint, required) in _fields_of(kind).items():
        if name in form:
            given[name] = _read(hint, form[name])
        elif required:
            raise KeyError(name)
    return kind(**given)


@cache
def _fields_of(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Return the type of each field, and whether it has no default."""
    hints = get_type_hints(kind)
    return {
        field.name: (
            hints[field.name],
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(kind)
    }


def _read_union(choices: tuple[Any, ...], form: Any) -> Any:
    """Return what a form means where several types may be: those that JSON tells apart."""
    others = [choice for choice in choices if choice is not types.NoneType]
    if form is None or len(others) > 1:
        return form
    return _read(others[0], form)


def _read_tuple(arguments: tuple[Any, ...], form: Any) -> tuple[Any, ...]:
    if isinstance(form, str):
        raise TypeError(f"a list is wanted, not {form!r}")
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(_read(arguments[0], item) for item in form)
    return tuple(_read(kind, item) for kind, item in zip(arguments, form, strict=True))
