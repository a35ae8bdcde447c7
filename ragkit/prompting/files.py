"""A TOML file of prompts, and at which of its lines something stands.

It knows no strategies and no examples; what is wrong with them is told by file and line.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragkit.errors import PromptError, unknown_name

_MASKED = re.compile(
    r'#[^\n]*|"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL
)
_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_KIND_NAMES: Mapping[type, str] = {
    str: "a text",
    int: "a whole number",
    list: "a list of tables",
    dict: "a table",
}


@dataclass(frozen=True, slots=True)
class PromptFile:
    """A file that was read, and its text, to find lines in."""

    path: Path
    table: Mapping[str, Any]
    text: str
    masked: str
    """The text with comments and strings blanked, each character in its place."""

    def error(self, message: str, *, at: int = 0, hint: str = "") -> PromptError:
        """Return the error for what is wrong at an offset of the text."""
        line = self.text.count("\n", 0, at) + 1
        return PromptError(f"{self.path}:{line}: {message}", hint=hint or f"mend {self.path}")

    def find_key(self, key: str, *, after: int = 0) -> int:
        """Return where a key is set, at or after an offset; that offset where it is not."""
        form = re.compile(rf"(?:^|[{{,])[ \t]*({re.escape(key)})[ \t]*=", re.MULTILINE)
        found = form.search(self.masked, after)
        return found.start(1) if found else after

    def find_inline_table(self, number: int, *, after: int) -> int:
        """Return where the inline table of this number begins, counted from 0."""
        braces = [found.start() for found in re.finditer(r"\{", self.masked[after:])]
        return after + braces[number] if number < len(braces) else after

    def find_table(self, name: str, number: int, *, after: int = 0) -> int:
        """Return where the table [[name]] of this number begins, counted from 0."""
        form = rf"^[ \t]*\[\[[ \t]*{re.escape(name)}[ \t]*\]\]"
        heads = [found.start() for found in re.finditer(form, self.masked, re.MULTILINE)]
        later = [head for head in heads if head >= after]
        return later[number] if number < len(later) else after

    def find_template_line(self, key: str, line: int) -> int:
        """Return where a line of a multi-line text, counted from 1, begins in the file."""
        start = self.find_key(key)
        opening = re.compile(r"[^=]*=[ \t]*(\"\"\"|''')(\r?\n)?").match(self.text, start)
        if not opening:
            return start
        position = opening.end()
        for _ in range(line - 1):
            position = self.text.find("\n", position) + 1 or position
        return position


def read_prompt_file(path: Path) -> PromptFile:
    """Return a file as it stands.

    Raises:
        PromptError: It cannot be read or is not valid TOML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _SYNTAX_LINE.search(str(error))
        line = found[1] if found else str(text.count("\n") + 1)
        message = str(error).partition(" (at ")[0]
        raise PromptError(
            f"{path}:{line}: not valid TOML: {message}", hint=f"mend {path}"
        ) from error
    except UnicodeDecodeError as error:
        line = str(error.object[: error.start].count(b"\n") + 1)
        raise PromptError(f"{path}:{line}: not UTF-8", hint="save it as UTF-8") from error
    except OSError as error:
        raise PromptError(
            f"cannot read {path}: {error.strerror}", hint="remove it, or make it readable"
        ) from error
    return PromptFile(path, table, text, _MASKED.sub(_blank, text))


def check_keys(
    file: PromptFile,
    table: Any,
    kinds: Mapping[str, type],
    *,
    optional: Iterable[str] = (),
    at: int = 0,
) -> None:
    """Check that a table has all its keys, each of its kind, and no other.

    Raises:
        PromptError: It has not; the message names file and line.
    """
    if not isinstance(table, dict):
        raise file.error(f"this must be a table, not {table!r}", at=at)
    for key in table:
        if key not in kinds:
            unknown = unknown_name("key", key, kinds)
            raise file.error(unknown.message, at=file.find_key(key, after=at), hint=unknown.hint)
    for key, kind in kinds.items():
        if key not in table:
            if key not in optional:
                raise file.error(f"{key} is missing", at=at, hint=f"set {key} in {file.path}")
        elif type(table[key]) is not kind:
            raise file.error(
                f"{key} must be {_KIND_NAMES[kind]}, not {table[key]!r}",
                at=file.find_key(key, after=at),
            )


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])
