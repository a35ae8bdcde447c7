"""Files read in this process: a test of what is done with documents needs no workers."""

from ragkit.documents import ReadResult, read_document
from ragkit.errors import DocumentError


def read_here(files, *, password, ocr, limits, debug):
    """Yield what `read_documents` yields."""
    for file in files:
        try:
            outcome = read_document(
                file.path, name=file.name, password=password, ocr=ocr, limits=limits
            )
        except DocumentError as error:
            outcome = error
        yield ReadResult(file, outcome, 0.0, 0)
