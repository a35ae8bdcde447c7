"""Texts encoded side by side: alike to the bit, in little memory, and ended at once by Ctrl-C."""

import signal
import threading
import time

import numpy as np
import psutil
import pytest

from ragkit.encoders import EncoderOptions, OnnxEncoder

WORDS = "pooling mean the of token embedding sentence attention is are a what learning rate".split()


@pytest.fixture(params=["fp32", "int8"])
def load(request, tiny_folder, cache_dir):
    """Make a tiny encoder with a number of threads."""
    return lambda threads: OnnxEncoder(
        tiny_folder,
        name="tiny",
        cache_dir=cache_dir,
        options=EncoderOptions(precision=request.param, threads=threads),
    )


def make_texts(count):
    random = np.random.default_rng(0)
    return [" ".join(random.choice(WORDS, size=random.integers(1, 30))) for _ in range(count)]


def test_an_embedding_is_the_same_to_the_bit_whatever_is_beside_it(load):
    """Mended: in a batch it depended on padding, and in 8 bits on the neighbours' values."""
    encoder, texts = load(2), make_texts(60)
    together = encoder.encode_passages(texts)
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    assert together.tobytes() == alone.tobytes()
    assert encoder.encode_passages(texts[::-1])[::-1].tobytes() == together.tobytes()
    assert encoder.encode_queries(texts).tobytes() == together.tobytes()  # it has no prefixes


def test_the_number_of_threads_changes_nothing(load):
    texts = make_texts(40)
    rows = [load(threads).encode_passages(texts).tobytes() for threads in (1, 2, 5)]
    assert rows[0] == rows[1] == rows[2]


def test_two_callers_at_once(load):
    encoder, texts = load(2), make_texts(40)
    found = {}

    def encode(name):
        found[name] = encoder.encode_passages(texts).tobytes()

    callers = [threading.Thread(target=encode, args=(name,)) for name in "ab"]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert found["a"] == found["b"] == encoder.encode_passages(texts).tobytes()


def test_memory_stays_flat(load):
    encoder = load(2)
    texts = [f"{text} {number}" for number, text in enumerate(make_texts(10_000))]
    encoder.encode_passages(texts[:200])
    before = psutil.Process().memory_info().rss
    rows = encoder.encode_passages(texts)
    assert rows.shape == (10_000, 16)
    assert psutil.Process().memory_info().rss - before < 30e6


def test_an_interruption_ends_it_at_once(load):
    encoder, texts = load(2), make_texts(100) * 3000  # about a minute
    threads = threading.active_count()

    def interrupt(_signal, _frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    start = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            encoder.encode_passages(texts)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - start < 5
    assert threading.active_count() == threads
