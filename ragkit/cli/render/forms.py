"""The forms for machines, one JSON object a line, in characters that steer no terminal."""

import json
import re
import sys
from collections.abc import Mapping
from typing import Any

import click

from ragkit.forms import FORMAT_VERSION

_STEERING = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Control characters that JSON lets pass, marks of writing direction, and halves of characters."""


def form_text(form: Mapping[str, Any], *, ascii_only: bool = False) -> str:
    r"""Return a form as JSON on one line; what could steer a terminal is escaped.

    >>> form_text({"document": "é" + chr(0x9B) + "31m.md"})
    '{"document": "é\\u009b31m.md"}'
    """
    text = json.dumps(form, ensure_ascii=ascii_only)
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def print_form(form: Mapping[str, Any]) -> None:
    """Print a form on stdout, its version first."""
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    versioned = {"format_version": FORMAT_VERSION, **form}
    click.echo(form_text(versioned, ascii_only=not encoding.startswith("utf")))
