r"""LaTeX source: headings, lists, tables, formulas as they are typed, frames of slides as pages.

In steps: `source.py` takes out comments and verbatim text, `macros.py` expands what the author
defined, `reader.py` makes blocks, `words.py` says what commands and environments mean. Files that
\input and \include name are not followed: each is a document of its own.

Own code: pylatexenc 2.11 was tried. It ended in an IndexError on an ordinary article (a link in the
text), knows neither frames nor rows of tables, and has no bound on what macros grow to.
"""

from ragkit.documents.decode import decode_text
from ragkit.documents.draft import Draft, RawFile, translate_library_errors
from ragkit.documents.latex.macros import Macros
from ragkit.documents.latex.reader import LatexReader
from ragkit.documents.latex.source import take_verbatim


def read_latex(file: RawFile) -> Draft:
    """Return the draft of a .tex file."""
    with translate_library_errors(file, "LaTeX"):
        text = decode_text(file.data).replace("\r\n", "\n").replace("\r", "\n")
        plain, verbatim = take_verbatim(text)
        macros = Macros()
        source = macros.expand(macros.take_definitions(plain))
        return LatexReader(source, verbatim, macros.theorems).read()
