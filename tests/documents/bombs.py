"""Small files that want to become large ones, made on the spot."""

import io
import zipfile
import zlib
from typing import Any


def pdf_of(content: bytes, *, pages: int = 1, compressed: bool = True) -> bytes:
    """Return a PDF whose pages all draw this content stream."""
    data = zlib.compress(content, 9) if compressed else content
    filtered = b"/Filter /FlateDecode " if compressed else b""
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + pages))
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 3 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>"
    )
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        b"<< " + filtered + b"/Length %d >>\nstream\n" % len(data) + data + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *[page] * pages,
    )


def pdf_of_objects(*objects: bytes) -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is its catalog."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def slow_pdf() -> bytes:
    """Return a PDF of a few kilobytes that takes pypdf a long time to read."""
    return pdf_of(b"BT /F1 12 Tf 72 700 Td (word) Tj ET\n" * 100_000, pages=100)


def zip_of(members: Any, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of these names and bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return buffer.getvalue()
