"""Sources that several questions share."""

from dataclasses import replace

from ragkit.training.passages import join_sources
from tests.training.sources import source

MILL = source(1, "The mill stands by the river.", "It was built by Ada Holm.", "It burnt down.")
WEIR = source(2, "The weir is made of granite.")


def part(whole, *places, number):
    sentences = tuple(replace(whole.sentences[place], source_id=number) for place in places)
    return replace(whole, id=number, sentences=sentences)


def test_each_source_comes_once_with_all_its_sentences_in_their_order():
    first = (part(WEIR, 0, number=1), part(MILL, 2, number=2))
    second = (part(MILL, 0, 2, number=1),)
    weir, mill = join_sources([first, second])
    assert [weir.id, mill.id] == [1, 2]
    assert mill.sentences == (
        replace(MILL.sentences[0], source_id=2), replace(MILL.sentences[2], source_id=2)
    )  # fmt: skip
    assert {one.source_id for one in weir.sentences} == {1}


def test_a_selection_alone_stays_as_it_is():
    assert join_sources([(MILL, WEIR)]) == (MILL, WEIR)
