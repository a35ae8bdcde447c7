"""The encoder without weights."""

import pytest

from ragkit.encoders import EncoderOptions, HashingEncoder
from ragkit.errors import UsageError


def cosine(left, right):
    rows = HashingEncoder().encode_passages([left, right])
    return round(float(rows[0] @ rows[1]), 4)


def test_it_knows_words_and_no_meaning():
    assert cosine("mean pooling", "Pooling, MEAN") > 0.8
    assert cosine("a b", "a c") == 0.5  # one word of two in common, in both
    assert cosine("car", "automobile") == 0.0


def test_other_sizes_are_other_encoders():
    kinds = [HashingEncoder(), HashingEncoder(dim=64), HashingEncoder(max_tokens=64)]
    assert len({kind.fingerprint for kind in kinds}) == 3


def test_the_embedding_never_changes():
    """A fingerprint promises that stored embeddings stay comparable.

    "mean" is hashed to +2, twice, "pooling" to -7: (2, -1) / √5.
    """
    (row,) = HashingEncoder(dim=8).encode_passages(["mean pooling mean"])
    values = {at: round(float(value), 4) for at, value in enumerate(row) if value}
    assert values == {2: 0.8944, 7: -0.4472}


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"runtime": "onx"}, "unknown encoder runtime 'onx'; known: auto, onnx, sentence"),
        ({"precision": "int4"}, "unknown encoder precision 'int4'; known: auto, fp32, int8"),
        ({"device": "gpu"}, "unknown device 'gpu'; known: auto, cpu, cuda"),
    ],
)
def test_unknown_options_list_the_known(option, message):
    with pytest.raises(UsageError, match=message):
        EncoderOptions(**option)
