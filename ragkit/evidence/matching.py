"""How much of a question's wording a text holds, counted by how telling each word is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ragkit.protocols import Index
from ragkit.words import content_words, stem, words_of


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """The content words of a question, stemmed, with their rarity in the index."""

    stems: tuple[str, ...]
    weights: tuple[float, ...]
    """Inverse document frequency of each, at least a little above 0."""
    unknown: tuple[str, ...]
    """Words of the question that no chunk holds."""

    def coverage(self, stems: frozenset[str]) -> float:
        """Return the share of the question's weight that a set of stems holds, 0 to 1."""
        total = sum(self.weights)
        if not total:
            return 0.0
        held = sum(w for s, w in zip(self.stems, self.weights, strict=True) if s in stems)
        return held / total


def weigh_terms(question: str, index: Index) -> QuestionTerms:
    """Return the content words of a question with their inverse document frequencies.

    Source: the idf of BM25, ln(1 + (N - n + 0.5) / (n + 0.5)); Robertson and Zaragoza 2009, "The
    Probabilistic Relevance Framework: BM25 and Beyond", section 3.
    """
    words = content_words(question)
    counts = index.document_frequencies(words)
    total = index.chunk_count()
    weights: dict[str, float] = {}
    for word, count in zip(words, counts, strict=True):
        idf = math.log(1.0 + (max(total - count, 0) + 0.5) / (count + 0.5))
        weights[stem(word)] = max(weights.get(stem(word), 0.0), idf)
    unknown = tuple(word for word, count in zip(words, counts, strict=True) if count == 0)
    return QuestionTerms(tuple(weights), tuple(weights.values()), unknown)


def stems_of(texts: Sequence[str]) -> frozenset[str]:
    """Return the stems of all words of some texts.

    >>> sorted(stems_of(["Pooled vectors", "are pooled"]))
    ['ar', 'are', 'pool', 'vector']
    """
    words = {word for text in texts for word in words_of(text)}
    return frozenset(stem(word) for word in words) | frozenset(w for w in words if len(w) < 4)
