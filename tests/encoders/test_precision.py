"""When 8 bits may stand in for 32, and what is remembered of it."""

import json
from dataclasses import replace

import pytest

from ragkit.encoders import EncoderOptions, OnnxEncoder
from ragkit.encoders.precision import (
    Comparison,
    choose_precision,
    load_comparison,
    save_comparison,
)
from ragkit.errors import ModelError
from ragkit.machine import cpu_identity

GOOD = Comparison(cpu=cpu_identity(), least_cosine=0.997, rank_agreement=0.999, speedup=2.0)
SLOW = replace(GOOD, speedup=1.05)
FAR = replace(GOOD, least_cosine=0.9)
SHUFFLED = replace(GOOD, rank_agreement=0.9)


@pytest.mark.parametrize(
    ("wanted", "built_with", "comparison", "expected"),
    [
        ("auto", "", GOOD, "int8"),
        ("auto", "", SLOW, "fp32"),
        ("auto", "", FAR, "fp32"),
        ("auto", "", SHUFFLED, "fp32"),
        ("auto", "5d1c", GOOD, "fp32"),  # an index keeps working as it was built
        ("auto", "5d1c-int8", SLOW, "int8"),
        ("auto", "other-int8", SLOW, "fp32"),  # another encoder's index says nothing
        ("fp32", "5d1c-int8", GOOD, "fp32"),
        ("int8", "5d1c", SLOW, "int8"),
    ],
)
def test_choice(wanted, built_with, comparison, expected):
    found = choose_precision(
        wanted, fingerprint="5d1c", built_with=built_with, compare=lambda: comparison
    )
    assert found == expected


@pytest.mark.parametrize(("wanted", "built_with"), [("int8", ""), ("auto", "5d1c-int8")])
def test_int8_that_is_not_faithful_is_refused(wanted, built_with):
    with pytest.raises(ModelError, match=r"int8 differs too much from fp32 \(cosine 0.900") as got:
        choose_precision(wanted, fingerprint="5d1c", built_with=built_with, compare=lambda: FAR)
    assert got.value.hint == "run: ragkit ingest --rebuild --encoder-precision fp32"


def test_what_was_measured_is_remembered_for_this_cpu(tmp_path):
    path = tmp_path / "comparison.json"
    save_comparison(GOOD, path)
    assert load_comparison(path) == GOOD
    save_comparison(replace(GOOD, cpu="another"), path)
    assert load_comparison(path) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", json.dumps({"cpu": cpu_identity(), "least_cosine": "high"})]
)
def test_a_damaged_memory_is_none(tmp_path, text):
    path = tmp_path / "comparison.json"
    path.write_text(text)
    assert load_comparison(path) is None


def test_a_memory_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").write_text("no folder")
    save_comparison(GOOD, tmp_path / "file" / "comparison.json")


def test_the_precisions_of_one_model_are_two_encoders(tiny_folder, cache_dir):
    fp32, int8 = (
        OnnxEncoder(
            tiny_folder,
            name="tiny",
            cache_dir=cache_dir,
            options=EncoderOptions(precision=precision),
        )
        for precision in ("fp32", "int8")
    )
    assert int8.fingerprint == f"{fp32.fingerprint}-int8"
    rows = fp32.encode_passages(["mean pooling"]), int8.encode_passages(["mean pooling"])
    assert rows[0].tobytes() != rows[1].tobytes()
    assert (rows[0] * rows[1]).sum() > 0.98


@pytest.mark.model
def test_the_bundled_encoder_is_faithful_in_8_bits(minilm_folder, cache_dir):
    encoder = OnnxEncoder(
        minilm_folder, name="m", cache_dir=cache_dir, options=EncoderOptions(precision="int8")
    )
    comparison = load_comparison(
        cache_dir / "encoders" / encoder.fingerprint[:16] / "comparison.json"
    )
    assert comparison.least_cosine > 0.99
    assert comparison.rank_agreement > 0.99
