"""Lexical search: the words of a large index give what scoring every chunk would give."""

import random

import pytest

from ragkit.index import lexical
from ragkit.index.catalog import Catalog
from ragkit.records import DocumentFilter
from tests.small_index import change_of

# Of 600 chunks, "all" stands in every one, "common" in half, ... "rare3" in 3.
SHARES = {"all": 1, "common": 2, "often": 4, "some": 20, "rare3": 200}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    catalog = Catalog(tmp_path_factory.mktemp("lexical") / "catalog.sqlite", writable=True)
    chance = random.Random(3)
    texts = [
        " ".join(
            word
            for word, every in SHARES.items()
            if n % every == 0
            for _ in range(chance.randint(1, 4))
        )
        + " filler" * chance.randint(0, 20)
        for n in range(600)
    ]
    chance.shuffle(texts)
    catalog.apply([change_of(f"w{n // 60}/{n}.md", *texts[n : n + 6]) for n in range(0, 600, 6)])
    yield catalog
    catalog.close()


@pytest.fixture
def exact(catalog):
    return lambda query, **options: catalog.search_words(query, top_n=1000, **options)


@pytest.fixture
def large(monkeypatch):
    """Let the index count as large, and few chunks as many."""
    monkeypatch.setattr(lexical, "EXACT_CHUNKS", 0)
    monkeypatch.setattr(lexical, "_FIRST_ROWS", 10)
    monkeypatch.setattr(lexical, "_MOST_ROWS", 1000)
    monkeypatch.setattr(lexical, "_LIKELY_GAIN", 2.2)  # the most that it can be


QUERIES = ["rare3", "some often", "rare3 common all", "some common", "rare3 rare3 often", "all",
           "common all", "rar some", "nowhere", "nowhere some often"]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_the_first_places_are_those_of_scoring_everything(catalog, exact, request, query):
    expected = exact(query)
    request.getfixturevalue("large")
    found = catalog.search_words(query, top_n=3)
    assert [key for key, _ in found] == [key for key, _ in expected[:3]]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected[:3]])


@pytest.mark.parametrize("query", QUERIES)
def test_every_score_counts_all_words(catalog, exact, request, query):
    expected = dict(exact(query))
    request.getfixturevalue("large")
    found = catalog.search_words(query, top_n=200)
    assert len(found) == len(dict(found))
    for key, score in found:
        assert score == pytest.approx(expected[key], abs=1e-4)


@pytest.mark.parametrize("within", [
    DocumentFilter(under=("w1",)),
    DocumentFilter(under=("w1", "w7")),
    DocumentFilter(documents=("w3/180.md", "w9/594.md", "w5/300.md")),
])  # fmt: skip
@pytest.mark.parametrize("query", QUERIES)
def test_among_some_documents_as_many_are_found_as_there_are(
    catalog, exact, request, query, within
):
    expected = exact(query, within=within)
    request.getfixturevalue("large")
    found = catalog.search_words(query, top_n=5, within=within)
    assert len(found) == min(5, len(expected))
    paths = {chunk.document for chunk in catalog.chunks([key for key, _ in found])}
    assert all(path.startswith(within.under or within.documents) for path in paths)
    whole = dict(expected)
    assert all(score == pytest.approx(whole[key], abs=1e-4) for key, score in found)


def test_among_no_documents(catalog):
    assert catalog.search_words("some", top_n=5, within=DocumentFilter(under=("w99",))) == ()
