"""Sources made by hand."""

from ragkit.records import Chunk, EvidenceSentence, Hit, Sentence, Source


def source_of(text: str, *, number: int = 1, heading: str = "", document: str = "a.md") -> Source:
    """Return a source whose passage is this text, all of it evidence."""
    headings = (heading,) if heading else ()
    chunk = Chunk(f"chunk{number}", document, text, 0, len(text), heading=headings)
    whole = EvidenceSentence(Sentence(text, 0, len(text)), number, 1.0, 1.0, 1.0)
    return Source(number, Hit(chunk, 1.0, number), (whole,))
