"""Jupyter notebooks: every cell is a page, numbered from 1 over all cells."""

import json
import re
from typing import Any

from ragkit.documents.decode import decode_text
from ragkit.documents.draft import Draft, RawBlock, RawFile, translate_library_errors
from ragkit.documents.markdown import parse_markdown

# What a plotting call leaves behind besides its picture.
_OBJECT = re.compile(r"<[\w.]*(?:Figure|Axes|object at 0x|IPython)[^\n]*>|\[<[^\n]*>\]")
_OUTPUT_LINES = 12
_OUTPUT_CHARACTERS = 600


def read_notebook(file: RawFile) -> Draft:
    """Return the draft of an .ipynb file, version 3 or 4."""
    with translate_library_errors(file, "a Jupyter notebook"):
        notebook = json.loads(decode_text(file.data))
        cells = _cells(notebook)
        blocks: list[RawBlock] = []
        for page, cell in enumerate(cells, start=1):
            blocks += _cell_blocks(cell, page)
        return Draft(
            blocks=tuple(blocks),
            title=str(notebook.get("metadata", {}).get("title") or ""),
            page_labels=tuple(str(page) for page in range(1, len(cells) + 1)),
        )


def _cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    if "worksheets" in notebook:  # nbformat 3
        return [cell for sheet in notebook["worksheets"] for cell in sheet["cells"]]
    return list(notebook["cells"])


def _cell_blocks(cell: dict[str, Any], page: int) -> list[RawBlock]:
    source = _joined(cell.get("source", cell.get("input", "")))
    kind = cell.get("cell_type")
    if kind == "markdown":
        return list(parse_markdown(source, page=page))
    if kind == "heading":  # nbformat 3
        return [RawBlock("heading", source, level=int(cell.get("level", 1)), page=page)]
    if kind != "code":
        return [RawBlock("paragraph", source, page=page)]
    outputs = [_shortened(_output_text(output)) for output in cell.get("outputs") or ()]
    return [RawBlock("code", text, page=page) for text in (source, *outputs) if text.strip()]


def _output_text(output: dict[str, Any]) -> str:
    """Return what a cell printed, as text; pictures and HTML are left out."""
    if output.get("output_type") in ("error", "pyerr"):
        return f"{output.get('ename', '')}: {output.get('evalue', '')}"
    plain = output.get("data", {}).get("text/plain", "")
    text = _joined(output.get("text") or plain)
    return "" if _OBJECT.fullmatch(text.strip()) else text


def _joined(source: Any) -> str:
    return source if isinstance(source, str) else "".join(map(str, source or ()))


def _shortened(text: str) -> str:
    """Return the beginning of a long output, with a mark where it was cut.

    >>> _shortened("a" * 700)[-3:]
    'a …'
    """
    lines = text.split("\n")
    short = "\n".join(lines[:_OUTPUT_LINES])[:_OUTPUT_CHARACTERS]
    return short if short == text.rstrip("\n") or len(short) == len(text) else short + " …"
