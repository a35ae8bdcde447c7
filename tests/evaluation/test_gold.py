"""Gold places and the passages that hold them, however the documents were cut."""

from hypothesis import given
from hypothesis import strategies as st

from ragkit.evaluation.gold import (
    count_tokens,
    holds_place,
    is_whole,
    part_ranks,
    rank_of_all,
    ranking_of_parts,
    within_budget,
)
from ragkit.evaluation.ranking import average_precision, ndcg_at
from ragkit.evaluation.records import GoldPlace, Passage

QUOTE = "The roof fell in 8,400 years ago."


def passage(document, start, end, text=""):
    return Passage(1, document, start, end, text)


def test_half_of_the_characters_or_the_quote():
    place = GoldPlace("a.md", 100, 133, QUOTE)
    assert holds_place(passage("a.md", 0, 117), place)
    assert not holds_place(passage("a.md", 0, 116), place)
    assert not holds_place(passage("b.md", 100, 133), place)
    moved = f"Long ago.\n{QUOTE.replace(' ', chr(10), 2)}"
    assert holds_place(passage("a.md", 900, 950, moved), place)
    assert holds_place(passage("b.md", 0, 50, moved), place), "a sentence says the same anywhere"


def test_a_short_quote_counts_in_its_own_document_only():
    place = GoldPlace("a.csv", 100, 103, "217")
    assert holds_place(passage("a.csv", 500, 520, "row 9 of 217"), place)
    assert not holds_place(passage("b.csv", 500, 520, "row 9 of 217"), place)


def test_a_place_without_length_or_quote_is_the_whole_document():
    place = GoldPlace("a.md", 0, 0, "")
    assert is_whole(place)
    assert holds_place(passage("a.md", 700, 900), place)
    assert not holds_place(passage("b.md", 0, 900), place)


def test_parts_are_all_needed_and_places_of_a_part_are_alternatives():
    gold = (
        GoldPlace("a.md", 0, 10, "first here", part=0),
        GoldPlace("b.md", 0, 10, "first also", part=0),
        GoldPlace("c.md", 0, 10, "the second", part=1),
    )
    found = [passage("x.md", 0, 9), passage("b.md", 0, 50), passage("a.md", 0, 50)]
    assert part_ranks(found, gold) == {0: 2, 1: None}
    assert rank_of_all(part_ranks(found, gold).values()) is None
    found.append(passage("c.md", 5, 50))
    assert part_ranks(found, gold) == {0: 2, 1: 4}
    assert rank_of_all(part_ranks(found, gold).values()) == 4
    assert rank_of_all([]) is None


@given(st.lists(st.none() | st.integers(1, 30), min_size=1, max_size=6))
def test_a_ranking_of_parts_is_one(ranks):
    ranking = ranking_of_parts(ranks)
    found = [part for part, rank in enumerate(ranks) if rank is not None]
    assert sorted(key for key in ranking if key) == sorted(map(str, found))
    for part in found:
        assert ranking.index(str(part)) + 1 >= ranks[part]
    grades = dict.fromkeys(map(str, range(len(ranks))), 1)
    assert 0 <= (ndcg_at(ranking, grades, depth=10) or 0) <= 1 + 1e-9
    assert 0 <= (average_precision(ranking, grades) or 0) <= 1


def test_one_passage_with_every_part_is_the_best_ranking():
    grades = {"0": 1, "1": 1}
    assert ndcg_at(ranking_of_parts([1, 1]), grades, depth=10) == 1.0
    assert ndcg_at(ranking_of_parts([1, 2]), grades, depth=10) == 1.0
    assert ndcg_at(ranking_of_parts([2, 2]), grades, depth=10) < 1.0


def test_budgets_are_fair_to_passages_of_any_length():
    assert within_budget([128] * 8, 512) == 4.0
    assert within_budget([1024], 512) == 0.5
    assert within_budget([100, 100], 512) == 2.0
    assert within_budget([], 512) == 0.0
    assert within_budget([512, 0, 512], 512) == 2.0


def test_tokens_are_counted_by_a_fixed_rule():
    assert count_tokens("") == 0
    assert count_tokens("Lake Vurdemmer: 8,400 years") == 8
    assert count_tokens("知识") == 2
