import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragkit.chunking import chunk_document, passage_text
from ragkit.documents.build import build_document
from ragkit.documents.draft import Draft, RawBlock
from tests.chunking.word_encoder import WordEncoder


def document_of(*blocks, title="Week 3", pages=0):
    labels = tuple(f"p{number}" for number in range(1, pages + 1))
    draft = Draft(blocks, title=title, page_labels=labels)
    return build_document(draft, name="week3.pdf", kind="pdf", sha256="ab" * 32)


def chunks_of(*blocks, max_tokens=40, overlap_sentences=1, **fields):
    return chunk_document(
        document_of(*blocks, **fields),
        encoder=WordEncoder(),
        max_tokens=max_tokens,
        overlap_sentences=overlap_sentences,
    )


def heading(text, level=1, page=1):
    return RawBlock("heading", text, level, page)


def paragraph(text, page=1):
    return RawBlock("paragraph", text, page=page)


def test_a_chunk_says_where_it_stands():
    (chunk,) = chunks_of(heading("Chunking"), paragraph("Split it.", page=1), pages=1)
    assert chunk.text == "Chunking\n\nSplit it."
    assert (chunk.document, chunk.title, chunk.heading) == ("week3.pdf", "Week 3", ("Chunking",))
    assert (chunk.page, chunk.page_label) == (1, "p1")
    assert passage_text(chunk) == "Week 3\nChunking\n\nSplit it."


def test_small_blocks_under_one_heading_share_a_chunk_and_headings_part_them():
    words = "one two three four five six seven eight nine ten."
    chunks = chunks_of(
        heading("Exam"), paragraph(words), paragraph(words), heading("Labs"), paragraph(words)
    )
    assert [chunk.heading for chunk in chunks] == [("Exam",), ("Labs",)]
    assert chunks[0].text == f"Exam\n\n{words}\n\n{words}"


def test_a_tiny_section_joins_its_neighbour():
    (chunk,) = chunks_of(heading("A"), paragraph("Yes."), heading("B"), paragraph("No."))
    assert chunk.text == "A\n\nYes.\n\nB\n\nNo."


def test_pages_are_never_mixed():
    chunks = chunks_of(
        paragraph("Short."), paragraph("Also short.", 2), heading("Only a title", 1, 3), pages=3
    )
    assert [(chunk.page, chunk.text) for chunk in chunks] == [
        (1, "Short."), (2, "Also short."), (3, "Only a title"),
    ]  # fmt: skip


def test_a_heading_at_the_end_of_a_page_goes_with_what_stands_under_it():
    chunks = chunks_of(
        paragraph("The first page ends. " * 3), heading("Next", 1, 1), paragraph("Text.", 2),
        pages=2,
    )  # fmt: skip
    assert [chunk.text for chunk in chunks][1:] == ["Next\n\nText."]


def test_a_long_paragraph_is_cut_at_sentences_with_one_repeated():
    sentences = [f"This is sentence number {n} of the text." for n in range(8)]  # 9 tokens each
    chunks = chunks_of(paragraph(" ".join(sentences)), max_tokens=40)
    assert [chunk.text for chunk in chunks] == [
        " ".join(sentences[:3]), " ".join(sentences[2:6]), " ".join(sentences[5:]),
    ]  # fmt: skip
    apart = chunks_of(paragraph(" ".join(sentences)), max_tokens=40, overlap_sentences=0)
    assert " ".join(chunk.text for chunk in apart) == " ".join(sentences)


def test_list_items_are_kept_whole_and_not_repeated():
    items = [RawBlock("item", f"item {n} " + "word " * 10) for n in range(6)]
    chunks = chunks_of(heading("List"), *items, max_tokens=40)
    assert "".join(chunk.text for chunk in chunks).count("item 3") == 1
    assert all(line.startswith(("item", "List", "")) for c in chunks for line in c.text.split("\n"))
    assert chunks[-1].heading == ("List",)
    assert passage_text(chunks[-1]).startswith("Week 3 > List\nitem")


def test_a_lead_in_goes_with_the_list_that_it_introduces():
    items = [RawBlock("item", f"step {n} " + "word " * 12) for n in range(4)]
    words = "one two three four five six seven eight nine. " * 2
    chunks = chunks_of(
        heading("List"), paragraph(words), paragraph("The steps are:"), *items, max_tokens=40
    )
    assert chunks[0].text == f"List\n\n{words.strip()}"
    assert chunks[1].text.startswith("The steps are:\n\nstep 0")


def test_a_lead_in_goes_with_the_code_below_it():
    code = RawBlock("code", "\n".join(f"x{n} = {n}" for n in range(7)))
    words = "one two three four five six seven. " * 3
    chunks = chunks_of(paragraph(words), paragraph("For example:"), code, max_tokens=40)
    assert chunks[-1].text == f"For example:\n\n{code.text}"


def test_a_heading_is_not_left_alone_by_what_barely_fits():
    """Room that is kept for repeated sentences is used rather than that."""
    nearly_all = "one two three four five six seven eight nine. " * 3
    chunks = chunks_of(heading("Alone"), paragraph(nearly_all), paragraph("More. " * 12))
    assert chunks[0].text.startswith("Alone\n\none two")


def test_code_that_fits_is_kept_whole():
    code = RawBlock("code", "\n\n".join(f"def f{n}(): return {n}" for n in range(4)))
    words = "one two three four five six seven. " * 3
    chunks = chunks_of(paragraph(words), code, paragraph(words), max_tokens=48)
    assert any(code.text in chunk.text for chunk in chunks)


def test_the_title_is_not_said_twice():
    (chunk,) = chunks_of(heading("Week 3"), paragraph("Text."))
    assert passage_text(chunk) == "Week 3\n\nText."


def test_a_long_prefix_is_shortened_and_the_text_is_not():
    long = "very " * 80 + "long"
    chunks = chunks_of(heading(long), heading("Inner", 2), paragraph("The text is here."))
    assert passage_text(chunks[-1]).endswith("Inner\n\nThe text is here.")


def test_ids_are_the_same_everywhere_and_tell_places_apart():
    blocks = [paragraph("Same words here. " * 20)]
    ids = [chunk.id for chunk in chunks_of(*blocks)]
    assert ids == [chunk.id for chunk in chunks_of(*blocks)]
    assert len(set(ids)) == len(ids)
    # sha256 of "abab...\0" + "0\0" + "5\0" + "Text.", first 16 digits
    assert chunks_of(paragraph("Text."))[0].id == "6c5b05c94223cbd5"


def test_a_document_without_blocks_is_one_paragraph():
    document = dataclasses.replace(document_of(paragraph("All of it.")), blocks=())
    (chunk,) = chunk_document(document, encoder=WordEncoder(), max_tokens=40)
    assert chunk.text == "All of it."


NASTY = st.sampled_from([
    "a", "word", "Long sentence with some words, and more; and more. ", "x" * 300, "😀" * 9,
    "漢字" * 20, "one. two. ", "1.5 ", "cell; " * 30, "\n", "e\u0301" * 10, "\u200d", "--- ", "(",
    "http://a.b/c?d=e.f ",
])  # fmt: skip
BLOCK = st.builds(
    RawBlock,
    kind=st.sampled_from(["heading", "paragraph", "item", "row", "code", "note"]),
    text=st.lists(NASTY, max_size=8).map("".join),
    level=st.integers(1, 3),
    page=st.integers(1, 3),
)


def in_page_order(blocks: list[RawBlock]) -> list[RawBlock]:
    return sorted(blocks, key=lambda block: block.page)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    blocks=st.lists(BLOCK, max_size=7).map(in_page_order),
    title=st.sampled_from(["", "Week 3", "t" * 500, "many words " * 30]),
    max_tokens=st.sampled_from([1, 5, 16, 40, 200]),
    overlap=st.integers(0, 2),
    pages=st.sampled_from([0, 3]),
)
def test_chunks_rebuild_the_document_and_fit_the_encoder(blocks, title, max_tokens, overlap, pages):
    document = document_of(*blocks, title=title, pages=pages)
    encoder = WordEncoder(max_tokens=150)
    chunks = chunk_document(
        document, encoder=encoder, max_tokens=max_tokens, overlap_sentences=overlap
    )
    text = document.text
    covered = 0
    for before, chunk in zip((None, *chunks), chunks, strict=False):
        assert chunk.text == text[chunk.start : chunk.end]
        assert chunk.text == chunk.text.strip("\n") != ""
        assert len(encoder.token_spans(passage_text(chunk))) <= min(max_tokens, 150)
        assert not text[covered : chunk.start].strip()
        assert before is None or (before.start < chunk.start and before.end < chunk.end)
        covered = chunk.end
    assert not text[covered:].strip()
    assert len({chunk.id for chunk in chunks}) == len(chunks)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    lengths=st.lists(st.integers(1, 24), min_size=1, max_size=6),
    kinds=st.lists(st.sampled_from(["paragraph", "item", "code", "heading"]), max_size=12),
    overlap=st.integers(0, 2),
)
def test_a_heading_ends_no_chunk_but_where_nothing_stands_under_it(lengths, kinds, overlap):
    blocks = [
        RawBlock(kind, f"w{n} " * (3 if kind == "heading" else lengths[n % len(lengths)]), 1)
        for n, kind in enumerate(kinds)
    ]
    document = document_of(*blocks, title="")
    chunks = chunk_document(
        document, encoder=WordEncoder(), max_tokens=40, overlap_sentences=overlap
    )
    ends = {block.end: place for place, block in enumerate(document.blocks)}
    for chunk in chunks:
        place = ends.get(chunk.end)
        if place is None or document.blocks[place].kind != "heading":
            continue
        following = document.blocks[place + 1 : place + 2]
        assert not following or following[0].kind == "heading", chunk.text


@pytest.mark.model
def test_every_passage_fits_the_real_encoder(minilm_folder):
    from tokenizers import Tokenizer

    from ragkit.protocols import TokenSpan

    tokenizer = Tokenizer.from_file(str(minilm_folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()

    class RealTokens(WordEncoder):
        def token_spans(self, text):
            found = tokenizer.encode(text, add_special_tokens=False)
            return tuple(TokenSpan(*span) for span in found.offsets)

    encoder = RealTokens(max_tokens=254)
    text = (
        "The encoder’s WordPiece tokens (sub-words) of naïve façades: 1.5 × 10⁻³, 漢字, 😀. " * 40
    )
    document = document_of(heading("Real"), paragraph(text), paragraph("x" * 5000))
    chunks = chunk_document(document, encoder=encoder, max_tokens=200)
    lengths = [len(encoder.token_spans(passage_text(chunk))) for chunk in chunks]
    assert max(lengths) <= 200
    assert min(lengths[:-1]) >= 100
