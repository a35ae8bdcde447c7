"""PDF files made by hand: a page is a list of operators, so that a test sees what it tests."""

import io

import pypdf
from PIL import Image, ImageDraw, ImageFont
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
)

HELVETICA = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
BOLD = {**HELVETICA, "/BaseFont": "/Helvetica-Bold"}


def to_pdf(value):
    """Return a plain value as a PDF object."""
    if isinstance(value, dict):
        return DictionaryObject({NameObject(key): to_pdf(item) for key, item in value.items()})
    if isinstance(value, list):
        return ArrayObject(to_pdf(item) for item in value)
    if isinstance(value, str):
        return NameObject(value)
    return FloatObject(value) if isinstance(value, float) else NumberObject(value)


def make_pdf(
    *contents: str, fonts: dict[str, dict] | None = None, page: dict | None = None
) -> bytes:
    """Return a PDF of one page of 400 x 500 points for each list of operators."""
    writer = pypdf.PdfWriter()
    for content in contents:
        sheet = writer.add_blank_page(400, 500)
        stream = DecodedStreamObject()
        stream.set_data(content.encode("latin-1"))
        sheet[NameObject("/Contents")] = writer._add_object(stream)
        sheet[NameObject("/Resources")] = to_pdf(
            {"/Font": {"/F1": HELVETICA, "/F2": BOLD, **(fonts or {})}}
        )
        for key, value in (page or {}).items():
            sheet[NameObject(key)] = to_pdf(value)
    return written(writer)


def written(writer: pypdf.PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def text_at(x: float, y: float, text: str, *, size: float = 10, font: str = "F1") -> str:
    """Return the operators that print text in an object of its own, as Word does."""
    return f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n"


def paragraph_at(x: float, y: float, lines: list[str], *, size: float = 10) -> str:
    return "".join(
        text_at(x, y - 1.2 * size * place, line, size=size) for place, line in enumerate(lines)
    )


def picture_of(text: str, *, turned: int = 0) -> Image.Image:
    """Return a page of A5 at 150 dots per inch with large print on it."""
    picture = Image.new("L", (874, 1240), 255)
    font = ImageFont.load_default(size=36)
    ImageDraw.Draw(picture).multiline_text((80, 120), text, font=font, fill=0, spacing=18)
    return picture.rotate(turned, expand=True)


def scan(*pages: str, turned: int = 0) -> bytes:
    """Return a PDF of pictures of pages."""
    first, *rest = (picture_of(text, turned=turned) for text in pages)
    buffer = io.BytesIO()
    first.save(buffer, "PDF", resolution=150, save_all=True, append_images=rest)
    return buffer.getvalue()


def joined(*files: bytes) -> bytes:
    """Return PDFs as one."""
    writer = pypdf.PdfWriter()
    for data in files:
        writer.append(io.BytesIO(data))
    return written(writer)


def without_character_maps(data: bytes) -> bytes:
    """Return a PDF whose fonts no longer say which characters their glyphs are."""
    writer = pypdf.PdfWriter(io.BytesIO(data))
    for page in writer.pages:
        for font in page["/Resources"]["/Font"].values():
            font.get_object().pop("/ToUnicode", None)
    return written(writer)
