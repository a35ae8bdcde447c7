"""Sources and questions that were changed."""

import random

from ragkit.training.twists import (
    Names,
    contradict,
    names_in,
    rename_places,
    swap_in_question,
    swap_in_sources,
    swap_value,
    text_of,
)
from tests.training.sources import source

SOURCES = (
    source(1, "Ada Holm built the mill in 1822.", document="mill/001.txt"),
    source(2, "The weir is younger."),
)
NAMES = Names(["Who was Ada Holm?", "Who was Per Lind?", "When did Oslo grow?", "Per Lind"])


def choice():
    return random.Random(1)


def test_names_are_told_from_the_beginning_of_a_sentence():
    assert names_in("When did the University of Oslo open?") == ["University of Oslo"]
    assert names_in("The mill.") == []


def test_a_name_gives_way_to_one_of_as_many_words_that_is_not_there():
    assert swap_value("Ada Holm", NAMES, text="Ada Holm", choice=choice()) == "Per Lind"
    assert swap_value("Ada Holm", NAMES, text="per lind", choice=choice()) is None
    assert swap_value("the mill", NAMES, text="", choice=choice()) is None


def test_a_number_gives_way_to_another():
    other = swap_value("1822", NAMES, text="1822", choice=choice())
    assert other is not None
    assert other.isdigit()
    assert other != "1822"


def test_a_question_is_swapped_to_what_no_source_says():
    asked = swap_in_question("When did Ada Holm build the mill?", SOURCES, NAMES, choice())
    assert asked == "When did Per Lind build the mill?"
    assert swap_in_question("When was the mill built?", SOURCES, NAMES, choice()) is None


def test_every_sentence_says_the_other_thing():
    swapped = swap_in_sources(SOURCES, "1822", "1847")
    assert text_of(swapped) == "Ada Holm built the mill in 1847. The weir is younger."
    assert text_of(SOURCES).startswith("Ada Holm built the mill in 1822.")


def test_another_source_disagrees():
    both = contradict(SOURCES, SOURCES[0], "1822", "1847")
    assert both is not None
    assert [one.sentences[0].sentence.text for one in both] == [
        "Ada Holm built the mill in 1822.",
        "Ada Holm built the mill in 1847.",
    ]
    assert both[1].sentences[0].source_id == both[1].id == 2
    assert contradict(SOURCES[:1], SOURCES[0], "1822", "1847") is None


def test_places_change_and_chunks_stay():
    for seed in range(20):
        renamed = rename_places(SOURCES, random.Random(seed))
        assert [one.hit.chunk.id for one in renamed] == ["chunk-1", "chunk-2"]
        for one in renamed:
            has_page = one.hit.chunk.document.endswith((".pdf", ".pptx"))
            assert (one.hit.chunk.page is not None) == has_page
