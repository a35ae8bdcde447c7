"""Directives and roles that docutils does not know: those of Sphinx, and any that a file uses.

docutils looks them up in tables of its own, which hold for the whole process; what is put there is
the same for every file, so the order in which files are read makes no difference.
"""

import re
from typing import Any

_USED_DIRECTIVE = re.compile(
    r"^[ \t]*(?:\.\. )+(?:\|[^|\n]+\|\s+)?([A-Za-z][\w+.:-]{0,60}?)::", re.MULTILINE
)
_USED_ROLE = re.compile(r":([A-Za-z][\w+.:-]{0,60}?):`|`:([A-Za-z][\w+.:-]{0,60}?):")
_TARGETED = re.compile(r"^(.*?)\s*<[^<>]*>$", re.DOTALL)
# They list other files, or are for the index, or pull in what a program knows.
_SILENT = frozenset(
    "toctree index automodule autoclass autofunction autosummary automethod autodata currentmodule "
    "py:currentmodule module py:module highlight literalinclude include raw tabularcolumns sectnum "
    "contents default-role default-domain meta plot graphviz digraph graph inheritance-diagram "
    "bibliography codeauthor sectionauthor testsetup testcleanup image-sg".split()
)
_CODE = frozenset(
    "code code-block sourcecode parsed-literal ipython testcode testoutput doctest prompt "
    "productionlist console-output jupyter-execute".split()
)
_ADMONITIONS = {
    "seealso": "See also", "todo": "To do", "versionadded": "New in version",
    "versionchanged": "Changed in version", "deprecated": "Deprecated since version",
    "versionremoved": "Removed in version", "exercise": "Exercise", "solution": "Solution",
    "theorem": "Theorem", "proof": "Proof", "definition": "Definition", "tip": "Tip",
}  # fmt: skip


def register_unknown(text: str) -> None:
    """Make docutils read the directives and roles of a text that it does not know."""
    from docutils.parsers.rst import directives, roles
    from docutils.parsers.rst.languages import en

    for name in {found[1].lower() for found in _USED_DIRECTIVE.finditer(text)}:
        if name in _CODE or name in _SILENT or name not in en.directives:
            directives.register_directive(name, _directive(name))
    for found in _USED_ROLE.finditer(text):
        name = (found[1] or found[2]).lower()
        if name not in en.roles:
            roles.register_local_role(name, _role)


class _AnyOption(dict[str, Any]):
    def __missing__(self, key: str) -> Any:
        return _kept


def _kept(argument: str | None) -> str:
    return argument or ""


def _directive(name: str) -> Any:
    """Return a directive's class: silent, code, or its text under the name that people see."""
    from docutils import nodes
    from docutils.parsers.rst import Directive

    class Lenient(Directive):  # type: ignore[misc]
        has_content = True
        optional_arguments = 100
        final_argument_whitespace = True
        option_spec = _AnyOption(name=_kept)

        def run(self) -> list[nodes.Node]:
            if name in _SILENT:
                return []
            content = "\n".join(self.content)
            if name in _CODE:
                return [nodes.literal_block(content, content)]
            said = " ".join(self.arguments)
            inside = nodes.container()
            if name in _ADMONITIONS:
                said = f"{_ADMONITIONS[name]} {said}".strip()
                inside += nodes.paragraph("", said + ("." if self.content else ""))
            elif said and ":" in name:  # py:function and the like: a signature
                inside += nodes.literal_block(said, said)
            elif said:
                inside += nodes.paragraph("", said)
            self.state.nested_parse(self.content, self.content_offset, inside)
            return [inside]

    return Lenient


def _role(
    _name: str, rawtext: str, text: str, _line: int, _inliner: Any, **_options: Any
) -> tuple[list[Any], list[Any]]:
    from docutils import nodes

    shown = text.replace("\x00", "")
    if titled := _TARGETED.match(shown):
        shown = titled[1] or shown
    return [nodes.inline(rawtext, shown.lstrip("~!"))], []
