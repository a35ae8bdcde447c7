"""reStructuredText, with the directives and roles of Sphinx: read by docutils, walked to blocks.

What docutils cannot parse is read as plain text instead. Files that directives name are not opened,
raw HTML is not kept, and nothing is executed.
"""

import io
import re
from typing import TYPE_CHECKING

from ragkit.documents.decode import decode_text
from ragkit.documents.draft import Draft, RawFile, translate_library_errors
from ragkit.documents.plain import parse_plain
from ragkit.documents.restructured.sphinx import register_unknown
from ragkit.documents.restructured.walk import TreeWalker
from ragkit.errors import DocumentError

if TYPE_CHECKING:
    from docutils import nodes

_LONGEST_LINE = 10_000
"""Characters; docutils takes time that grows with the square of a paragraph's markup."""
_LARGEST = 3_000_000
_REPLACING = re.compile(
    r"^([ \t]*\.\. \|[^|\n]{1,80}\|[ \t]+replace::)(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE
)
_FRONT_MATTER = re.compile(r"\A---\n(?:[^\n]*\n){1,40}?---\n")


def read_restructured(file: RawFile) -> Draft:
    """Return the draft of an .rst file."""
    text = decode_text(file.data).replace("\r\n", "\n").replace("\r", "\n").expandtabs(8)
    text = _FRONT_MATTER.sub("", text)
    if len(text) <= _LARGEST and max(map(len, text.split("\n"))) <= _LONGEST_LINE:
        try:
            with translate_library_errors(file, "reStructuredText"):
                tree = _parse(text)
                blocks = TreeWalker().read(tree)
        except DocumentError:
            blocks = []
        if blocks:
            return Draft(blocks=tuple(blocks), title=str(tree.get("title") or ""))
    return Draft(blocks=parse_plain(text))


def _parse(text: str) -> "nodes.document":
    from docutils.core import publish_doctree

    register_unknown(text)
    # A replacement made of replacements can double at every step; docutils has no bound on it.
    text = _REPLACING.sub(lambda found: found[1] + found[2].replace("|", " "), text)
    settings = {
        "_disable_config": True,
        "file_insertion_enabled": False,
        "raw_enabled": False,
        "halt_level": 5,
        "report_level": 5,
        "warning_stream": io.StringIO(),
        "line_length_limit": _LONGEST_LINE,
        "syntax_highlight": "none",
        "docinfo_xform": False,
        "input_encoding": "unicode",
        "smart_quotes": False,
    }
    return publish_doctree(text, settings_overrides=settings)
