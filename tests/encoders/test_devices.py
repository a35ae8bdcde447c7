"""Where an encoder runs: a table of what is asked for, what there is, and what comes of it."""

import pytest

from ragkit.encoders import EncoderOptions
from ragkit.encoders.devices import onnx_has_cuda, place_encoder, torch_has_cuda
from ragkit.errors import UsageError

ST = "sentence-transformers"


def place(onnx_cuda, torch_cuda, **options):
    placed = place_encoder(
        EncoderOptions(**options),
        onnx_has_cuda=lambda: onnx_cuda,
        torch_has_cuda=lambda: torch_cuda,
    )
    return placed.runtime, placed.device, placed.precision


@pytest.mark.parametrize(
    ("onnx_cuda", "torch_cuda", "asked", "expected"),
    [
        # Queries start sooner on the CPU, whatever there is.
        (True, True, {}, ("auto", "cpu", "auto")),
        (False, False, {}, ("auto", "cpu", "auto")),
        # Many passages go to a GPU, through what can use it.
        (True, True, {"bulk": True}, ("auto", "cuda", "fp32")),
        (False, True, {"bulk": True}, (ST, "cuda", "fp32")),
        (False, False, {"bulk": True}, ("auto", "cpu", "auto")),
        (True, True, {"bulk": True, "device": "cpu"}, ("auto", "cpu", "auto")),
        # What was asked for stays.
        (False, True, {"bulk": True, "runtime": "onnx"}, ("onnx", "cpu", "auto")),
        (True, True, {"bulk": True, "runtime": ST}, (ST, "cuda", "fp32")),
        (True, True, {"runtime": ST}, (ST, "cuda", "fp32")),
        (True, True, {"bulk": True, "precision": "int8"}, ("auto", "cpu", "int8")),
        (True, True, {"bulk": True, "built_with": "5d1c-int8"}, ("auto", "cpu", "auto")),
        (True, True, {"bulk": True, "built_with": "5d1c"}, ("auto", "cuda", "fp32")),
        (False, True, {"device": "cuda"}, (ST, "cuda", "fp32")),
        (True, False, {"device": "cuda"}, ("auto", "cuda", "fp32")),
    ],
)
def test_place(onnx_cuda, torch_cuda, asked, expected):
    assert place(onnx_cuda, torch_cuda, **asked) == expected


@pytest.mark.parametrize(
    ("onnx_cuda", "torch_cuda", "asked", "message"),
    [
        (False, False, {"device": "cuda"}, "no GPU that encoder runtime 'auto' can use"),
        (False, True, {"device": "cuda", "runtime": "onnx"}, "no GPU that encoder runtime 'onnx'"),
        (True, True, {"device": "cuda", "precision": "int8"}, "int8 is for CPUs"),
    ],
)
def test_what_cannot_be(onnx_cuda, torch_cuda, asked, message):
    with pytest.raises(UsageError, match=message):
        place(onnx_cuda, torch_cuda, **asked)


def test_the_gpu_is_not_looked_for_where_it_does_not_matter():
    def fail():
        raise AssertionError("asked")

    placed = place_encoder(EncoderOptions(), onnx_has_cuda=fail, torch_has_cuda=fail)
    assert placed.device == "cpu"


def test_looking_is_no_error():
    assert onnx_has_cuda() in (True, False)
    assert torch_has_cuda() in (True, False)
