"""OpenDocument (LibreOffice): texts as paragraphs, presentations as one page per slide.

Own code over the XML, because odfpy keeps a copy of every element and has no notion of reading
order, slides or notes. Spreadsheets and drawings are not read.
"""

from ragkit.documents.draft import Draft, RawFile, translate_library_errors
from ragkit.documents.opendocument.blocks import BodyReader
from ragkit.documents.opendocument.names import OFFICE, in_space
from ragkit.documents.opendocument.package import Package
from ragkit.documents.opendocument.presentation import slide_blocks
from ragkit.documents.opendocument.styles import Styles
from ragkit.errors import DocumentError


def read_opendocument(file: RawFile) -> Draft:
    """Return the draft of an .odt or .odp file."""
    with translate_library_errors(file, "an OpenDocument file"):
        package = Package(file)
        content = package.xml("content.xml")
        styles = Styles([package.xml("styles.xml"), content])
        body = content.find(in_space(OFFICE, "body"))
        kinds = {} if body is None else {str(child.tag): child for child in body}
        if (text := kinds.get(in_space(OFFICE, "text"))) is not None:
            blocks = BodyReader(package, styles).read(text)
            return Draft(blocks=tuple(blocks), title=package.title())
        slides = kinds.get(in_space(OFFICE, "presentation"))
        if slides is None:
            raise DocumentError(
                f"{file.name} is neither an OpenDocument text nor a presentation",
                hint="save it as .odt, .odp or PDF",
            )
        blocks, count = slide_blocks(slides, package, styles)
        labels = tuple(str(page) for page in range(1, count + 1))
        return Draft(blocks=tuple(blocks), title=package.title(), page_labels=labels)
