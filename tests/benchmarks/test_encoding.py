"""Encoding throughput on a CPU: the quick path beside the library that it stands in for.

Run with: make bench. To reach: at least 2.5 times `SentenceTransformer.encode` with its defaults.
"""

from pathlib import Path

import pytest

from ragkit.encoders import EncoderOptions, OnnxEncoder, SentenceTransformersEncoder

REPOSITORY = Path(__file__).parent.parent.parent
CHUNKS = 64
WORDS_A_CHUNK = 150  # about 200 tokens

pytestmark = [
    pytest.mark.model,
    pytest.mark.benchmark(group="encode 64 chunks", min_rounds=3, warmup=False),
]


@pytest.fixture(scope="module")
def chunks():
    """Real prose, in windows of 150 words that overlap: this repository's licence."""
    words = (REPOSITORY / "LICENSE").read_text(encoding="utf-8").split()
    starts = range(0, len(words) - WORDS_A_CHUNK, (len(words) - WORDS_A_CHUNK) // CHUNKS)
    return [" ".join(words[start : start + WORDS_A_CHUNK]) for start in starts[:CHUNKS]]


@pytest.mark.parametrize("precision", ["int8", "fp32"])
def test_onnx(benchmark, chunks, minilm_folder, cache_dir, precision):
    encoder = OnnxEncoder(
        minilm_folder,
        name="all-MiniLM-L6-v2",
        cache_dir=cache_dir,
        options=EncoderOptions(precision=precision),
    )
    rows = benchmark(encoder.encode_passages, chunks)
    assert rows.shape == (CHUNKS, 384)


def test_sentence_transformers(benchmark, chunks, minilm_folder, cache_dir):
    encoder = SentenceTransformersEncoder(
        minilm_folder, name="all-MiniLM-L6-v2", cache_dir=cache_dir
    )
    rows = benchmark(encoder.model.encode, chunks)
    assert rows.shape == (CHUNKS, 384)
