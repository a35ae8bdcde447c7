"""OpenDocument files and e-books, written part by part."""

import io
import zipfile

_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
        ("style", "style"), ("presentation", "presentation"), ("svg", "svg-compatible"),
        ("fo", "xsl-fo-compatible"), ("manifest", "manifest"), ("chart", "chart"),
    ]
)  # fmt: skip
_SPACES += (
    ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:math="http://www.w3.org/1998/Math/MathML"'
)


def make_archive(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return buffer.getvalue()


def make_opendocument(body: str, *, styles: str = "", title: str = "", **parts: str) -> bytes:
    """Return a file whose office:body holds `body`, such as "<office:text>...</office:text>"."""
    content = (
        f"<office:document-content {_SPACES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body>{body}</office:body></office:document-content>"
    )
    meta = f"<office:document-meta {_SPACES}><dc:title>{title}</dc:title></office:document-meta>"
    manifest = f"<manifest:manifest {_SPACES}>{parts.pop('manifest', '')}</manifest:manifest>"
    return make_archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "meta.xml": meta,
            "META-INF/manifest.xml": manifest,
        }
        | {name.replace("__", "/") + ".xml": text.format(_SPACES) for name, text in parts.items()}
    )


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
)


def make_epub(chapters: dict[str, str], *, title: str = "A book", **parts: str) -> bytes:
    """Return a book of XHTML bodies; `nav` and `encryption` may be given as markup."""
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(chapters)
    )
    if "nav" in parts:
        items += (
            '<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>{title}</dc:title></metadata><manifest>{items}</manifest>"
        f'<spine><itemref idref="n"/>{spine}</spine></package>'
    )
    wanted = {"META-INF/container.xml": CONTAINER, "OPS/book.opf": package}
    wanted |= {f"OPS/{name}": make_xhtml(body) for name, body in chapters.items()}
    if "nav" in parts:
        wanted["OPS/nav.xhtml"] = make_xhtml(parts["nav"])
    if "encryption" in parts:
        wanted["META-INF/encryption.xml"] = parts["encryption"]
    return make_archive({"mimetype": "application/epub+zip"} | wanted)


def make_xhtml(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f'<head><title>x</title><script src="x.js"/></head><body>{body}</body></html>'
    )
