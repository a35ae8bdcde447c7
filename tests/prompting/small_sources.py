"""Sources, made by hand."""

from ragkit.records import Chunk, EvidenceSentence, Hit, Sentence, Source


def make_source(number, *sentences, document="week01.pdf", page=4, rank=None):
    """Return a source whose evidence is these sentences, the first of them the best."""
    text = " ".join(sentences)
    chunk = Chunk(f"chunk-{number}", document, text, 0, len(text), page=page)
    evidence = []
    for position, sentence in enumerate(sentences):
        start = text.index(sentence)
        place = Sentence(sentence, start, start + len(sentence))
        evidence.append(EvidenceSentence(place, number, 1.0 - position / 10, 0.5, 0.5))
    return Source(number, Hit(chunk, 1.0 / number, rank or number), tuple(evidence))


LEAVES = make_source(1, "Leaves are green.", "Chlorophyll absorbs red and blue light.")
ROOTS = make_source(2, "Roots take up water.", document="notes.md", page=None)
BARK = make_source(3, "Bark protects the trunk.", document="week02.pdf", page=11)
