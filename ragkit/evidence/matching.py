"""How much of a question's wording a text holds, counted by how telling each word is."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ragkit.protocols import Index
from ragkit.words import LEAST_PREFIX_LETTERS, content_words, drop_possessive, stem, words_of

UNKNOWN_WORD_SHARE = 0.3
"""Share of its rarity that a word keeps which no chunk holds. A name that the documents never
mention says a lot; an ordinary word, mostly that the question is put in other words than theirs."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """The content words of a question, stemmed, with their rarity in the index."""

    stems: tuple[str, ...]
    weights: tuple[float, ...]
    """Inverse document frequency of each, at least a little above 0."""
    unknown: tuple[str, ...]
    """Words of the question that no chunk holds, not even as the beginning of a word."""
    prefixes: frozenset[str] = frozenset()
    """Those of the stems that only begin words of the index."""
    names: tuple[str, ...] = ()
    """Words that look like names or numbers, lower case."""

    def coverage(self, stems: frozenset[str]) -> float:
        """Return the share of the question's weight that a set of stems holds, 0 to 1."""
        total = sum(self.weights)
        if not total:
            return 0.0
        held = sum(w for s, w in zip(self.stems, self.weights, strict=True) if self._in(stems, s))
        return held / total

    def missing_names(self, stems: frozenset[str]) -> tuple[str, ...]:
        """Return the names and numbers of the question that a set of stems does not hold."""
        return tuple(name for name in self.names if not self._in(stems, stem(name)))

    def _in(self, stems: frozenset[str], wanted: str) -> bool:
        if wanted in self.prefixes:
            return any(held.startswith(wanted) for held in stems)
        return wanted in stems


def weigh_terms(question: str, index: Index) -> QuestionTerms:
    """Return the content words of a question with their inverse document frequencies.

    A word that no chunk holds stands for those that begin with it, as "exam" for "examination".

    Source: the idf of BM25, ln(1 + (N - n + 0.5) / (n + 0.5)); Robertson and Zaragoza 2009, "The
    Probabilistic Relevance Framework: BM25 and Beyond", section 3.
    """
    words = tuple(dict.fromkeys(map(drop_possessive, content_words(question))))
    counts = dict(zip(words, index.document_frequencies(words), strict=True))
    missing = [word for word in words if not counts[word] and len(word) >= LEAST_PREFIX_LETTERS]
    begun = dict(zip(missing, index.document_frequencies(missing, as_prefix=True), strict=True))
    counts |= begun
    total = index.chunk_count()
    names = _names(question)
    weights: dict[str, float] = {}
    for word, count in counts.items():
        idf = math.log(1.0 + (max(total - count, 0) + 0.5) / (count + 0.5))
        if count == 0 and word not in names:
            idf *= UNKNOWN_WORD_SHARE
        weights[stem(word)] = max(weights.get(stem(word), 0.0), idf)
    unknown = tuple(word for word, count in counts.items() if count == 0)
    prefixes = frozenset(stem(word) for word, count in begun.items() if count)
    named = tuple(word for word in counts if word in names)
    return QuestionTerms(tuple(weights), tuple(weights.values()), unknown, prefixes, named)


def _names(question: str) -> frozenset[str]:
    """Return the words of a question that look like names: capitals within it, or digits.

    >>> sorted(_names("Which learning rate did Ho use for CIFAR-10?"))
    ['10', 'cifar', 'ho']
    """
    first, _, rest = question.strip().partition(" ")
    named = {word for word in _WORD.findall(rest) if word[0].isupper()}
    named |= {word for word in _WORD.findall(question) if any(c.isdigit() for c in word)}
    if first.isupper() and len(first) > 1:
        named.add(first)
    return frozenset(word.lower() for word in named)


def stems_of(texts: Sequence[str]) -> frozenset[str]:
    """Return the stems of all words of some texts.

    >>> sorted(stems_of(["Pooled vectors", "are pooled"]))
    ['ar', 'are', 'pool', 'vector']
    """
    words = {word for text in texts for word in words_of(text)}
    return frozenset(stem(word) for word in words) | frozenset(w for w in words if len(w) < 4)
