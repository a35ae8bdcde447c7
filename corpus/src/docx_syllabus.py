"""Builds the syllabus from its TOML file."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from docx import Document
from docx.shared import Cm, Pt, RGBColor
from fixedzip import normalise

ACCENT = RGBColor(0x0B, 0x55, 0x63)


def _styles(document: Any) -> None:
    """Sets margins, type and heading colours."""
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
    document.styles["Normal"].font.size = Pt(11)
    for name in ("Title", "Heading 1"):
        document.styles[name].font.color.rgb = ACCENT


def _table(document: Any, rows: list[list[str]]) -> None:
    """Adds a table whose first row is a header."""
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.style = "Light Grid Accent 1"
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    document.add_paragraph()


def build_syllabus(source: Path, target: Path) -> None:
    """Writes the syllabus.

    Args:
        source: TOML file with headings, paragraphs and tables.
        target: where the DOCX goes.
    """
    content = tomllib.loads(source.read_text(encoding="utf-8"))
    document = Document()
    _styles(document)
    document.add_heading(content["title"], level=0)
    document.add_paragraph(content["subtitle"])
    for section in content["section"]:
        document.add_heading(section["heading"], level=1)
        if "table" in section:
            _table(document, section["table"])
        for text in section.get("paragraphs", []):
            document.add_paragraph(text)
    properties = document.core_properties
    properties.title, properties.author = content["title"], "Dr. Ilse Marwede"
    properties.last_modified_by, properties.comments = properties.author, ""
    properties.created = properties.modified = dt.datetime(2025, 9, 1, 8, 0)
    document.save(str(target))
    normalise(target)
