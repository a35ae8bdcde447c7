"""The options that narrow a search to some documents, and the filter that they mean."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from ragkit.cli.options import check_text
from ragkit.records import DocumentFilter

_OPTIONS = (
    click.option(
        "--document",
        "documents",
        metavar="NAME",
        multiple=True,
        callback=check_text,
        help="Only this document: its path or the end of it. May be repeated.",
    ),
    click.option(
        "--under",
        metavar="PATH",
        multiple=True,
        callback=check_text,
        help="Only documents in this folder. May be repeated.",
    ),
    click.option(
        "--format",
        "formats",
        metavar="NAME",
        multiple=True,
        callback=check_text,
        help="Only documents of this format, such as pdf. May be repeated.",
    ),
    click.option(
        "--where",
        metavar="KEY=VALUE",
        multiple=True,
        callback=check_text,
        help="Only documents of which this holds, such as week=3 or date=2026-10..",
    ),
)


def filter_options(function: Callable[..., int]) -> Callable[..., int]:
    """Add --document, --under, --format and --where; the verb gets them as `within`."""

    @wraps(function)
    def with_filter(
        *args: Any,
        documents: Sequence[str],
        under: Sequence[str],
        formats: Sequence[str],
        where: Sequence[str],
        **rest: Any,
    ) -> int:
        within = DocumentFilter(
            documents=tuple(documents),
            under=tuple(under),
            formats=tuple(formats),
            where=tuple(_pair(condition) for condition in where),
        )
        return function(*args, within=within, **rest)

    for option in reversed(_OPTIONS):
        with_filter = option(with_filter)
    return with_filter


def _pair(condition: str) -> tuple[str, str]:
    """Return the key and the value of a condition.

    >>> _pair("week = 3")
    ('week', '3')
    """
    key, equals, value = (part.strip() for part in condition.partition("="))
    if not (key and equals and value):
        raise click.BadParameter(
            f"{condition!r} is not KEY=VALUE, such as week=3", param_hint="'--where'"
        )
    return key, value
