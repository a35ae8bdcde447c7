"""What a Word document keeps beside its body: footnotes, list numbers, headers and footers."""

from collections.abc import Iterator
from typing import Any

from ragkit.documents.word.text import W, text_of

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_REFERENCE_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_EMBEDDED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_FRAMES = (f"{W}headerReference", f"{W}footerReference")
_NOTES = {"footnote": "Footnote", "endnote": "Endnote"}
_LEAST_LINE = 3


def numbering_of(document: Any) -> Any | None:
    """Return the root of the numbering part; None if the document has none."""
    return _part_root(document, "numbering")


def _part_root(document: Any, name: str) -> Any | None:
    """Return the parsed XML of a part that the body refers to; None without one."""
    from docx.oxml.parser import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype == f"{_RELATIONS}{name}" and not relation.is_external:
            return parse_xml(relation.target_part.blob)
    return None


class Notes:
    """Footnotes and endnotes, numbered in the order in which the text refers to them."""

    def __init__(self, document: Any) -> None:
        self._texts: dict[tuple[str, str], str] = {}
        self._counts = dict.fromkeys(_NOTES, 0)
        for kind in _NOTES:
            root = _part_root(document, f"{kind}s")
            for note in () if root is None else root.findall(f"{W}{kind}"):
                text = " ".join(text_of(paragraph) for paragraph in note.iter(f"{W}p")).strip()
                if text and note.get(f"{W}type") in (None, "normal"):
                    self._texts[kind, str(note.get(f"{W}id"))] = text

    def texts_below(self, element: Any) -> Iterator[str]:
        """Yield the notes that an element refers to, each once."""
        for kind, name in _NOTES.items():
            for reference in element.iter(f"{W}{kind}Reference"):
                text = self._texts.pop((kind, str(reference.get(f"{W}id"))), "")
                if text:
                    self._counts[kind] += 1
                    yield f"{name} {self._counts[kind]}: {text}"


def frame_lines(document: Any) -> Iterator[str]:
    """Yield the lines of the headers and footers that pages show, each once."""
    seen: set[str] = set()
    both = document.settings.odd_and_even_pages_header_footer
    for section in document.element.body.iter(f"{W}sectPr"):
        first = section.find(f"{W}titlePg") is not None
        shown = {"default", *(("first",) if first else ()), *(("even",) if both else ())}
        for reference in section:
            if reference.tag in _FRAMES and reference.get(f"{W}type") in shown:
                part = document.part.related_parts.get(reference.get(_REFERENCE_ID))
                for paragraph in () if part is None else part.element.iter(f"{W}p"):
                    line = " ".join(text_of(paragraph).split())
                    if len(line) >= _LEAST_LINE and line not in seen:
                        seen.add(line)
                        yield line


def pictures_of(document: Any) -> list[bytes]:
    """Return the pictures of a document in the order in which they stand."""
    parts = document.part.related_parts
    names = [blip.get(_EMBEDDED) for blip in document.element.body.iter(_BLIP)]
    return [parts[name].blob for name in dict.fromkeys(names) if name in parts]
