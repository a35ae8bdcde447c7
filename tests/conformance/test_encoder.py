"""What every encoder promises, whatever runs it."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragkit.encoders import (
    EncoderOptions,
    HashingEncoder,
    OnnxEncoder,
    SentenceTransformersEncoder,
)

RUNTIMES = [
    "hashing",
    pytest.param("onnx-fp32", marks=pytest.mark.model),
    pytest.param("onnx-int8", marks=pytest.mark.model),
    pytest.param("sentence-transformers", marks=pytest.mark.model),
]

NASTY = [
    "",
    " ",
    "\n\t",
    "\0",
    "a\0b",
    "🎓👩‍🏫 emoji 🇩🇪",
    "東京で平均プーリング",
    "متوسط التجميع",
    "e\u0301tude cafe\u0301",
    "İstanbul ﬁrst ß",
    "\u200b\u202e\ufeff",
    "x" * 5000,
    "∑ᵢ xᵢ² ≤ ½",
    "[CLS] [SEP] [PAD] [MASK]",
    "</s> <unk> ##ing",
]

TEXTS = [
    "Mean pooling averages the token embeddings of a sentence.",
    "No.",
    "The learning rate is warmed up over the first 4,000 steps, then decays.",
    "Who teaches this course?",
    "Attention is all you need.",
    "Office hours are on Tuesday from 14:00 to 15:30 in room 2.11.",
    "Backpropagation computes gradients by the chain rule.",
    "Homework is due on Friday.",
    "Byte pair encoding merges the most frequent pair of symbols until the vocabulary is full.",
    "Yes, it does.",
    "Recall is the share of what is relevant that was found.",
]


@pytest.fixture(scope="session")
def built(cache_dir):
    """Encoders by runtime, each made once."""
    return {}


@pytest.fixture(params=RUNTIMES)
def encoder(request, built, cache_dir):
    if request.param not in built:
        if request.param == "hashing":
            built["hashing"] = HashingEncoder()
        else:
            is_onnx = request.param.startswith("onnx")
            kind = OnnxEncoder if is_onnx else SentenceTransformersEncoder
            precision = request.param.removeprefix("onnx-") if is_onnx else "fp32"
            built[request.param] = kind(
                request.getfixturevalue("minilm_folder"),
                name="all-MiniLM-L6-v2",
                cache_dir=cache_dir,
                options=EncoderOptions(precision=precision, threads=1),
            )
    return built[request.param]


def assert_embeddings(rows, shape):
    assert rows.shape == shape
    assert rows.dtype == np.float32
    assert rows.flags.c_contiguous
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("count", [0, 1, 2, len(TEXTS)])
def test_one_unit_row_a_text(encoder, count):
    for encode in (encoder.encode_passages, encoder.encode_queries):
        assert_embeddings(encode(TEXTS[:count]), (count, encoder.dim))


def test_nasty_strings(encoder):
    assert_embeddings(encoder.encode_passages(NASTY), (len(NASTY), encoder.dim))
    assert_embeddings(encoder.encode_queries(NASTY), (len(NASTY), encoder.dim))


def test_a_text_has_one_embedding_to_the_bit_whatever_is_beside_it(encoder):
    """Batches are sorted by length inside, and padded; nothing of it may come through."""
    together = encoder.encode_passages([*TEXTS, "long " * 300, TEXTS[0]])
    assert together[0].tobytes() == together[-1].tobytes()
    for row, text in zip(together, TEXTS, strict=False):
        assert encoder.encode_passages([text])[0].tobytes() == row.tobytes()


def test_a_query_without_prefix_is_a_passage(encoder):
    assert encoder.encode_queries(TEXTS).tobytes() == encoder.encode_passages(TEXTS).tobytes()


def test_same_call_same_bytes(encoder):
    assert encoder.encode_passages(TEXTS).tobytes() == encoder.encode_passages(TEXTS).tobytes()


def test_likeness_is_found(encoder):
    query = encoder.encode_queries(["mean pooling of token embeddings"])
    assert int(np.argmax(encoder.encode_passages(TEXTS) @ query[0])) == 0


@pytest.mark.parametrize("text", [*NASTY, *TEXTS])
def test_token_spans_lie_in_order_inside_the_text(encoder, text):
    spans = encoder.token_spans(text)
    starts = [span.start for span in spans]
    assert starts == sorted(starts)
    assert all(0 <= start <= end <= len(text) for start, end in spans)


def test_token_spans_of_words(encoder):
    text = "Mean pooling, twice."
    words = [text[start:end] for start, end in encoder.token_spans(text)]
    assert words[0] == "Mean"
    assert words[-1] == "."
    assert "".join(words) == text.replace(" ", "")


def assert_reads_exactly(encoder, text):
    """Check that the first `max_tokens` tokens of a text are all read, and none after them."""
    spans = encoder.token_spans(text)
    assert len(spans) > encoder.max_tokens + 1
    full = text[: spans[encoder.max_tokens - 1].end]
    assert len(encoder.token_spans(full)) == encoder.max_tokens
    shorter = text[: spans[encoder.max_tokens - 2].end]
    rows = encoder.encode_passages([full, text, shorter])
    np.testing.assert_allclose(rows[0], rows[1], atol=1e-5)  # what follows is not read
    assert np.abs(rows[0] - rows[2]).max() > 1e-4  # the last one is


def test_a_passage_of_max_tokens_is_read_whole(encoder):
    assert_reads_exactly(encoder, " ".join(f"word{n}" for n in range(400)))


def test_a_passage_of_capital_letters_is_read_whole(encoder):
    """Mended: "İ" in lower case is two characters, and the tokens were counted before."""
    assert_reads_exactly(encoder, " ".join(f"İİ{n}" for n in range(400)))


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(st.text(max_size=40), max_size=8))
def test_any_texts(encoder, texts):
    assert_embeddings(encoder.encode_passages(texts), (len(texts), encoder.dim))
    for text in texts:
        assert all(0 <= start <= end <= len(text) for start, end in encoder.token_spans(text))


def test_it_has_a_name_and_a_fingerprint(encoder):
    assert encoder.name
    assert encoder.fingerprint
    assert encoder.max_tokens > 16


@pytest.mark.model
def test_both_runtimes_are_one_encoder(minilm_folder, cache_dir):
    options = EncoderOptions(precision="fp32", threads=1)
    onnx, original = (
        kind(minilm_folder, name="mini", cache_dir=cache_dir, options=options)
        for kind in (OnnxEncoder, SentenceTransformersEncoder)
    )
    assert onnx.fingerprint == original.fingerprint
    assert (onnx.dim, onnx.max_tokens) == (original.dim, original.max_tokens) == (384, 254)
    texts = [*TEXTS, *NASTY]
    cosines = np.sum(onnx.encode_passages(texts) * original.encode_passages(texts), axis=1)
    assert cosines.min() > 0.9999
    for text in texts:
        assert onnx.token_spans(text) == original.token_spans(text)
