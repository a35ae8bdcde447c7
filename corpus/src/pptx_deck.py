"""Builds the slide deck on image models from its TOML file."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from fixedzip import normalise
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

ACCENT = RGBColor(0x0B, 0x55, 0x63)
WARM = RGBColor(0xC8, 0x64, 0x1B)
INK = RGBColor(0x1D, 0x2B, 0x34)
FAINT = RGBColor(0x6B, 0x7B, 0x84)
PALE = RGBColor(0xE8, 0xF1, 0xF2)
WHITE = RGBColor(0xFF, 0xFF, 0xFF)
FOOTER = "INF 2140 Introduction to Generative AI, University of Lindenmoor"
WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, INNER = Inches(0.8), Inches(11.73)


def _move(shape: Any, top: Emu, height: Emu) -> None:
    """Puts a placeholder between the margins of the wide page."""
    shape.left, shape.top, shape.width, shape.height = LEFT, top, INNER, height


def _paint(frame: Any, size: int, colour: RGBColor, *, bold: bool = False) -> None:
    """Sets size and colour of all paragraphs of a text frame."""
    for paragraph in frame.paragraphs:
        paragraph.font.size = Pt(size)
        paragraph.font.bold = bold
        paragraph.font.color.rgb = colour


def _title(shape: Any, text: str, top: Emu, size: int) -> None:
    """Fills a title placeholder, aligned left in the accent colour."""
    shape.text_frame.text = text
    _move(shape, top, Inches(1.0))
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    _paint(shape.text_frame, size, ACCENT, bold=True)
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT


def _rule(slide: Any, top: Emu) -> None:
    """Draws the short rule under a title."""
    bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(0.9), top, Inches(0.9), Pt(3))
    bar.fill.solid()
    bar.fill.fore_color.rgb = WARM
    bar.line.fill.background()


def _footer(slide: Any, number: int, total: int) -> None:
    """Writes course and slide number at the foot of a slide."""
    box = slide.shapes.add_textbox(LEFT, Inches(6.95), INNER, Inches(0.35))
    box.text_frame.word_wrap = True
    box.text_frame.text = f"{FOOTER}, Week 9, {number} / {total}"
    _paint(box.text_frame, 11, FAINT)


def _table(slide: Any, rows: list[list[str]]) -> None:
    """Adds a table below the title."""
    shape = slide.shapes.add_table(
        len(rows), len(rows[0]), LEFT, Inches(1.8), INNER, Inches(0.65) * len(rows)
    )
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            cell = shape.table.cell(r, c)
            cell.text = text
            cell.fill.solid()
            cell.fill.fore_color.rgb = ACCENT if r == 0 else (PALE if r % 2 else WHITE)
            _paint(cell.text_frame, 20, INK if r else WHITE, bold=r == 0 or c == 0)


def _diagram(slide: Any, steps: list[str], caption: str) -> None:
    """Draws a row of boxes that fade to grey, joined by arrows."""
    for i, step in enumerate(steps):
        left = Inches(0.8 + i * 2.4)
        box = slide.shapes.add_shape(
            MSO_SHAPE.ROUNDED_RECTANGLE, left, Inches(2.6), Inches(1.9), Inches(1.5)
        )
        shade = 0x55 + i * 0x1E
        box.fill.solid()
        box.fill.fore_color.rgb = RGBColor(0x0B + i * 0x28, shade, 0x63 + i * 0x16)
        box.line.fill.background()
        box.text_frame.text = step
        _paint(box.text_frame, 16, WHITE if i < 3 else INK)
        for paragraph in box.text_frame.paragraphs:
            paragraph.alignment = PP_ALIGN.CENTER
        if i + 1 < len(steps):
            arrow = slide.shapes.add_shape(
                MSO_SHAPE.RIGHT_ARROW, left + Inches(1.98), Inches(3.22), Inches(0.34), Inches(0.26)
            )
            arrow.fill.solid()
            arrow.fill.fore_color.rgb = WARM
            arrow.line.fill.background()
    note = slide.shapes.add_textbox(LEFT, Inches(4.5), INNER, Inches(0.6))
    note.text_frame.word_wrap = True
    note.text_frame.text = caption
    _paint(note.text_frame, 20, INK)


def _content_slide(deck: Any, spec: dict[str, Any]) -> Any:
    """Adds one slide with bullets, a table or the diagram."""
    bullets = spec["bullets"]
    slide = deck.slides.add_slide(deck.slide_layouts[1 if bullets else 5])
    _title(slide.shapes.title, spec["title"], Inches(0.45), 34)
    _rule(slide, Inches(1.4))
    if bullets:
        body = slide.placeholders[1]
        _move(body, Inches(1.75), Inches(4.9))
        body.text_frame.text = bullets[0]
        for bullet in bullets[1:]:
            body.text_frame.add_paragraph().text = bullet
        _paint(body.text_frame, 24, INK)
        for paragraph in body.text_frame.paragraphs:
            paragraph.space_after = Pt(12)
    if "table" in spec:
        _table(slide, spec["table"])
    if "diagram" in spec:
        _diagram(slide, spec["diagram"], spec["caption"])
    slide.notes_slide.notes_text_frame.text = spec["notes"]
    return slide


def _title_slide(deck: Any, content: dict[str, Any]) -> None:
    """Adds the opening slide."""
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    _title(slide.shapes.title, content["title"], Inches(2.2), 36)
    _rule(slide, Inches(3.25))
    body = slide.placeholders[1]
    body.text_frame.text = content["subtitle"]
    _move(body, Inches(3.5), Inches(1.2))
    _paint(body.text_frame, 22, INK)
    for paragraph in body.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
    slide.notes_slide.notes_text_frame.text = content["notes"]


def build_deck(source: Path, target: Path) -> None:
    """Writes the deck.

    Args:
        source: TOML file with the text of the slides and their notes.
        target: where the PPTX goes.
    """
    content = tomllib.loads(source.read_text(encoding="utf-8"))
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    _title_slide(deck, content)
    total = len(content["slide"]) + 1
    for number, spec in enumerate(content["slide"], start=2):
        _footer(_content_slide(deck, spec), number, total)
    moment = dt.datetime(2025, 11, 4, 8, 0)
    properties = deck.core_properties
    properties.title, properties.author = content["title"], "Dr. Ilse Marwede"
    properties.last_modified_by, properties.comments = properties.author, ""
    properties.created = properties.modified = moment
    deck.save(str(target))
    normalise(target)
