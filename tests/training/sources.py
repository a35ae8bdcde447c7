"""Sources as evidence would give them, for tests."""

from ragkit.records import Chunk, EvidenceSentence, Hit, Sentence, Source


def source(number: int, *texts: str, document: str = "notes.md") -> Source:
    """Return a source with some sentences."""
    whole = " ".join(texts)
    chunk = Chunk(f"chunk-{number}", document, whole, 0, len(whole))
    sentences = tuple(
        EvidenceSentence(Sentence(text, start, start + len(text)), number, 1.0, 1.0, 1.0)
        for text in texts
        for start in [whole.find(text)]
    )
    return Source(number, Hit(chunk, 1.0, number), sentences)
