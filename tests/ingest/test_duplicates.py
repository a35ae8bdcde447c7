"""Documents that hold the same bytes, or nearly the same words, are told when they come."""

import random
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragkit.ingest.duplicates import Duplicate, _resemblance, find_duplicates, signature_of
from tests.small_index import change_of

WORDS = [f"{start}{middle}{end}" for start in "bdfgk" for middle in "aeiou" for end in "lmnrst"]


def prose(seed, words=400):
    """Return a text of random words, of its own for each seed."""
    chooser = random.Random(seed)
    return " ".join(chooser.choice(WORDS) for _ in range(words))


def edited(text, changes, seed=0):
    """Return a text with some of its words replaced."""
    words = text.split()
    for place in random.Random(seed).sample(range(len(words)), changes):
        words[place] = "edited"
    return " ".join(words)


def as_page(text):
    """Return the words of a text as another program writes them."""
    words = text.split()
    lines = [" ".join(words[at : at + 20]) for at in range(0, len(words), 20)]
    body = "".join(f"<p>{line}.</p>\n" for line in lines)
    return f"<html><title>Slides</title><body>{body}</body></html>"


def test_the_same_file_is_told_once(sync, corpus):
    sync()
    shutil.copy(corpus / "notes.md", corpus / "copy of notes.md")
    report = sync()
    assert report.duplicates == (Duplicate("copy of notes.md", "notes.md", 1.0),)
    assert report.duplicates[0].line == (
        "copy of notes.md: the same file as notes.md; it is answered from once"
    )
    assert sync().duplicates == ()


def test_nearly_the_same_words_are_told(sync, corpus):
    text = prose(1)
    (corpus / "slides.md").write_text(text)
    (corpus / "other.md").write_text(prose(2))
    assert sync().duplicates == ()
    (corpus / "slides-v2.md").write_text(edited(text, 4))
    (found,) = sync().duplicates
    assert (found.path, found.original) == ("slides-v2.md", "slides.md")
    assert 0.9 <= found.share < 1
    assert found.line.startswith("slides-v2.md: 9")
    (corpus / "slides-v3.md").write_text(edited(text, 60))
    assert sync().duplicates == ()


def test_the_same_slides_in_another_format(sync, corpus):
    text = prose(3)
    (corpus / "a.txt").write_text(text)
    (corpus / "b.html").write_text(as_page(text))
    (found,) = sync().duplicates
    assert (found.path, found.original) == ("b.html", "a.txt")


def test_short_documents_are_not_compared(sync, corpus):
    (corpus / "a.md").write_text("# Sheet 1\n\nSolve the task and hand it in by Friday.\n")
    (corpus / "b.md").write_text("# Sheet 2\n\nSolve the task and hand it in by Friday.\n")
    assert sync().duplicates == ()


@pytest.mark.parametrize("changes", [0, 5, 20, 60])
def test_resemblance_is_that_of_the_sets(changes):
    text = prose(4)
    other = edited(text, changes)

    def shingles(words):
        return {tuple(words[at : at + 4]) for at in range(len(words) - 3)}

    one, two = shingles(text.split()), shingles(other.split())
    assert _resemblance(text, other) == pytest.approx(len(one & two) / len(one | two))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_a_signature(text):
    assert len(signature_of(text)) in (0, 256)
    assert signature_of(text) == signature_of(text)


def test_a_signature_does_not_depend_on_the_machine():
    """Mended where it fails: a changed signature makes the stored ones useless."""
    assert signature_of(prose(5))[:8].hex() == "aa04e1230000f529"


def test_one_is_found_among_many(index):
    texts = {f"{number:03}.md": prose(number, 100) for number in range(300)}
    texts["z.md"] = edited(texts["123.md"], 1)
    index.apply(
        change_of(path, text)._replace(signature=signature_of(text)) for path, text in texts.items()
    )
    (found,) = find_duplicates(index, set(texts))
    assert (found.path, found.original) == ("z.md", "123.md")
    assert find_duplicates(index, {"z.md"}) == (found,)
    index.apply((), removed=["123.md"])
    assert find_duplicates(index, {"z.md"}) == ()
