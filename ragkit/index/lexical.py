"""Lexical search in the catalog: BM25 over the words of titles, headings and texts (FTS5).

BM25 scores each chunk that holds any word of the query, which takes long where many do. In a large
index only the chunks that hold one of its rarer words are scored, with all of its words, until no
other chunk is likely to reach the first places.
"""

import math
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ragkit.index.query import match_phrase, match_prefix, telling_words
from ragkit.index.runs import KeyRuns
from ragkit.protocols import ScoredKey
from ragkit.words import LEAST_PREFIX_LETTERS

TITLE_WEIGHT, HEADING_WEIGHT, TEXT_WEIGHT = 0.5, 1.5, 1.0
"""Weights of the lexical fields in BM25. A title stands on every chunk of its document, so it tells
chunks of one document apart not at all; a heading names what its few chunks are about.

Source: mean nDCG@10 on adi, cranfield, cisi and a course FAQ: .552 so and with equal weights, .540
for the text alone. With npl .529; bm25s 0.3.16, same stop words, Porter stems, .523 with its k1 of
1.5 and .525 with that of FTS5, 1.2."""

EXACT_CHUNKS = 20_000
"""Most chunks of which each that holds any word of the query is scored.

Source: 1.6 microseconds for each such chunk; the median question finds a word of its own in a fifth
of them."""

_FIRST_ROWS, _MOST_ROWS = 10_000, 60_000
_SURE_PLACES = 10
_LIKELY_GAIN = 1.5
"""What a word may add to a score, in multiples of its inverse document frequency: BM25 allows 2.2,
for a text of that one word alone.

Source: 1,000,000 chunks of about 110 words (random sentences of course notes, SQuAD 2.0, covid-qa,
policies), 60 questions, seconds of one core, median and 95th percentile; the share of the exact
first 10 and 50 that are found:
all scored .161 / .543; first 10,000, gain 1.5, most 60,000: .035 / .134, .997, .993; gain 1.2: .027
/ .130, .978, .965; the rarest words up to 20,000 rows whatever they score: .037 / .093, .963, .939;
up to 40,000: .049 / .100, .989, .982."""


def search_words(
    connection: sqlite3.Connection,
    query: str,
    *,
    top_n: int,
    inside: KeyRuns | None = None,
) -> tuple[ScoredKey, ...]:
    """Return the chunks of greatest BM25 score for the words of a query, best first.

    Args:
        connection: To the catalog.
        query: As the user typed it.
        top_n: Most chunks to return.
        inside: Among these chunks only.
    """
    words = telling_words(query)
    by_word = {word: _expression_of(connection, word) for word in dict.fromkeys(words)}
    matches = [by_word[word] for word in words]
    if not matches or (inside is not None and not len(inside)):
        return ()
    rank = _ranking(connection, inside, top_n)
    size = _count_chunks(connection)
    if size <= EXACT_CHUNKS:
        return _sorted(dict(rank(" OR ".join(matches))), top_n)
    rarity = {match: _count(connection, match, at_most=size // 2) for match in set(matches)}
    return _search_rare(rank, matches, rarity, _Limits(size, top_n, is_narrow=inside is not None))


class _Limits(NamedTuple):
    """How much there is, and how much is wanted."""

    size: int
    """How many chunks there are."""
    top_n: int
    is_narrow: bool
    """Whether only some chunks are searched, of which as many as there are have to be found."""


Ranking = Callable[[str], list[tuple[int, float]]]


def _search_rare(
    rank: Ranking, matches: Sequence[str], rarity: Mapping[str, int], limits: _Limits
) -> tuple[ScoredKey, ...]:
    """Return the best of the chunks that hold one of the rarer words, and more where these are few.

    Args:
        rank: Scores the chunks that an expression matches.
        matches: The expression of each word, as often as the query says it.
        rarity: How many chunks each matches, up to half of all.
        limits: How far to go.
    """
    # A word in half of the chunks adds nothing to a score of BM25.
    telling = [match for match in matches if rarity[match] < limits.size // 2] or list(matches)
    order = sorted(set(telling), key=lambda match: (rarity[match], match))
    counts = np.cumsum([rarity[match] for match in order])
    taken = max(1, int(np.searchsorted(counts, _FIRST_ROWS, side="right")))
    while True:
        rarer = set(order[:taken])
        best = _score(rank, telling, rarer)
        found = _sorted(best, limits.top_n)
        if taken == len(order):
            is_short = limits.is_narrow and len(found) < limits.top_n
            return _sorted(dict(rank(" OR ".join(matches))), limits.top_n) if is_short else found
        gain = sum(_idf(rarity[match], limits.size) for match in telling if match not in rarer)
        enough = len(found) >= min(_SURE_PLACES, limits.top_n)
        if enough and found[min(_SURE_PLACES, len(found)) - 1].score >= _LIKELY_GAIN * gain:
            return found
        if counts[taken] > _MOST_ROWS and (enough or not limits.is_narrow):
            return found
        taken += 1


def _score(rank: Ranking, matches: Sequence[str], rarer: set[str]) -> dict[int, float]:
    """Return the scores, by all words, of the best chunks that hold one of the rarer."""
    rare = " OR ".join(match for match in matches if match in rarer)
    common = " OR ".join(match for match in matches if match not in rarer)
    best = dict(rank(rare))
    if common:
        for key, score in rank(f"({rare}) AND ({common})"):
            best[key] = max(score, best.get(key, score))
    return best


def _idf(count: int, size: int) -> float:
    return max(1e-6, math.log((size - count + 0.5) / (count + 0.5)))


def _sorted(scores: Mapping[int, float], top_n: int) -> tuple[ScoredKey, ...]:
    pairs = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(ScoredKey(key, score) for key, score in pairs[:top_n])


def _ranking(connection: sqlite3.Connection, inside: KeyRuns | None, top_n: int) -> Ranking:
    """Return what scores the chunks that an expression matches, some chunks only if wanted."""
    condition, bounds = "", []
    if inside is not None:
        first, last = int(inside.starts[0]), int(inside.ends[-1])
        condition, bounds = " AND rowid BETWEEN ? AND ?", [first, last]
        if len(inside.starts) > 1:
            is_in = np.zeros(last - first + 1, dtype=np.uint8)
            is_in[inside.keys() - first] = 1
            flags = is_in.tobytes()
            connection.create_function("is_within", 1, lambda key: flags[key - first])
            condition += " AND is_within(rowid)"
    weights = (TITLE_WEIGHT, HEADING_WEIGHT, TEXT_WEIGHT)
    query = (
        "SELECT rowid, -bm25(words, ?, ?, ?) AS score FROM words"
        f" WHERE words MATCH ?{condition} ORDER BY score DESC, rowid LIMIT ?"
    )

    def rank(expression: str) -> list[tuple[int, float]]:
        return connection.execute(query, (*weights, expression, *bounds, top_n)).fetchall()

    return rank


def _count_chunks(connection: sqlite3.Connection) -> int:
    """Return how many chunks there are, or a number below which that does not matter."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'").fetchone()
    last_key = int(row[0]) if row else 0
    if last_key <= EXACT_CHUNKS:
        return last_key
    return int(connection.execute("SELECT count(*) FROM chunks").fetchone()[0])  # 7 ms a million


def _expression_of(connection: sqlite3.Connection, word: str) -> str:
    """Return what to match for a word: words that begin with it where no chunk holds it."""
    exact = match_phrase(word)
    if len(word) < LEAST_PREFIX_LETTERS:
        return exact
    rows = connection.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (exact,))
    return exact if rows.fetchone() else match_prefix(word)


def _count(connection: sqlite3.Connection, match: str, *, at_most: int) -> int:
    query = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    return int(connection.execute(query, (match, at_most)).fetchone()[0])


def document_frequencies(
    connection: sqlite3.Connection, words: Sequence[str], *, as_prefix: bool = False
) -> tuple[int, ...]:
    """Return in how many chunks each word occurs, up to its ending, or begins another word."""
    match = match_prefix if as_prefix else match_phrase
    query = "SELECT count(*) FROM words WHERE words MATCH ?"
    counts = (connection.execute(query, (match(word),)).fetchone()[0] for word in words)
    return tuple(int(count) for count in counts)
