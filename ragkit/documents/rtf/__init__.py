"""Rich Text Format: paragraphs, headings, lists, tables and footnotes, from any code page.

`tokens.py` cuts the bytes into control words and text, `words.py` says what they mean, and the
reader here keeps the state that braces open and close. Drawings and pictures are not read.

Own code, because striprtf 0.0.35, the one kept parser for it, gives text only: no headings, no
lists, no header rows.
"""

from ragkit.documents.draft import Draft, RawFile, translate_library_errors
from ragkit.documents.rtf.reader import RtfReader
from ragkit.errors import DocumentError


def read_rtf(file: RawFile) -> Draft:
    """Return the draft of an .rtf file."""
    if not file.data.lstrip(b"\xef\xbb\xbf \r\n\t\0").startswith(b"{\\rtf"):
        raise DocumentError(
            f"{file.name} is broken: it cannot be read as RTF (it does not begin with {{\\rtf)",
            hint="open it in the program that made it, save it again, then ingest again",
        )
    with translate_library_errors(file, "RTF"):
        return RtfReader().read(file.data)
