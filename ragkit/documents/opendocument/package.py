"""The archive that an OpenDocument file is: its parts as XML, its title, its embedded objects."""

from typing import Any

from ragkit.documents.archives import open_archive
from ragkit.documents.draft import RawFile
from ragkit.documents.opendocument.names import CHART, DC, MANIFEST, TEXT, XLINK, in_space
from ragkit.documents.xml import parse_xml
from ragkit.errors import DocumentError

_EMPTY = b"<none/>"


class Package:
    """Opens the archive; its parts are read when they are asked for.

    Raises:
        DocumentError: It is encrypted, or no archive.
    """

    def __init__(self, file: RawFile) -> None:
        self._file = file
        self._archive = open_archive(file, "an OpenDocument file")
        manifest = self.xml("META-INF/manifest.xml")
        if next(manifest.iter(in_space(MANIFEST, "encryption-data")), None) is not None:
            raise DocumentError(
                f"{file.name} is encrypted",
                hint="open it, save it without a password, ingest again",
            )

    def xml(self, name: str) -> Any:
        """Return the root of a part; an empty element where there is none."""
        data = self._archive.read(name) if name in self._archive else _EMPTY
        return parse_xml(data, self._file)

    def title(self) -> str:
        """Return what the author wrote into the title field."""
        found = next(self.xml("meta.xml").iter(in_space(DC, "title")), None)
        return "" if found is None else found.text or ""

    def object_text(self, element: Any) -> str:
        """Return the formula, or the title of the chart, that a draw:object shows."""
        inline = next((child for child in element if isinstance(child.tag, str)), None)
        root = inline
        if root is None:
            link = str(element.get(in_space(XLINK, "href")) or "").removeprefix("./").rstrip("/")
            name = f"{link}/content.xml"
            if name not in self._archive:
                return ""
            root = self.xml(name)
        if str(root.tag).endswith("}math"):
            return _formula_text(root)
        title = next(root.iter(in_space(CHART, "title")), None)
        lines = [] if title is None else title.iter(in_space(TEXT, "p"))
        return " ".join("".join(line.itertext()) for line in lines)


def _formula_text(math: Any) -> str:
    """Return a formula as its author typed it, or its symbols in a row."""
    for note in math.iter("{*}annotation"):
        if note.text and note.text.strip():
            return " ".join(note.text.split())
    return " ".join("".join(math.itertext()).split())
