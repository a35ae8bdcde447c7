"""Which library runs an encoder, and on what: a decision, and a look at what there is.

A GPU is for many passages. One query is encoded sooner on the CPU than a GPU's library has started,
so only bulk work, such as `ragkit ingest`, goes there by itself.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ragkit.encoders.options import EncoderOptions
from ragkit.encoders.precision import FP32, INT8, precision_of
from ragkit.encoders.runtime import load_onnxruntime
from ragkit.errors import UsageError

ONNX = "onnx"
SENTENCE_TRANSFORMERS = "sentence-transformers"
CPU = "cpu"
CUDA = "cuda"
_NVIDIA_DRIVERS = ("/proc/driver/nvidia/version", "/dev/dxg", "C:/Windows/System32/nvcuda.dll")


def place_encoder(
    options: EncoderOptions,
    *,
    onnx_has_cuda: Callable[[], bool],
    torch_has_cuda: Callable[[], bool],
) -> EncoderOptions:
    """Return the options with a device, and with a runtime and precision where a GPU decides them.

    The device is a GPU where one is asked for; or by itself for bulk work, unless int8 is asked for
    or is what the index was built with: only CPUs gain by it.

    Args:
        options: What was asked for.
        onnx_has_cuda: Whether onnxruntime can use a GPU; asked only where it matters.
        torch_has_cuda: Whether torch can; asked only where it matters, since it imports torch.

    Raises:
        UsageError: A GPU is asked for and none can be used, or for int8.
    """
    int8 = options.precision == INT8 or (
        options.precision == "auto" and precision_of(options.built_with) == INT8
    )
    if options.device == CUDA and options.precision == INT8:
        raise UsageError(
            "int8 is for CPUs; a GPU runs an encoder in fp32",
            hint='set device = "cpu", or leave --encoder-precision out',
        )
    started_anyway = options.runtime == SENTENCE_TRANSFORMERS
    by_itself = options.device == "auto" and not int8 and (options.bulk or started_anyway)
    if options.device == CUDA or by_itself:
        if not started_anyway and onnx_has_cuda():
            return replace(options, device=CUDA, precision=FP32)
        if options.runtime != ONNX and torch_has_cuda():
            return replace(options, runtime=SENTENCE_TRANSFORMERS, device=CUDA, precision=FP32)
    if options.device == CUDA:
        raise UsageError(
            f"no GPU that encoder runtime {options.runtime!r} can use",
            hint="see ragkit doctor; on the CPU: RAGKIT_DEVICE=cpu",
        )
    return replace(options, device=CPU)


def onnx_has_cuda() -> bool:
    """Return whether the installed onnxruntime can use an NVIDIA GPU."""
    return _has_driver() and "CUDAExecutionProvider" in load_onnxruntime().get_available_providers()


def torch_has_cuda() -> bool:
    """Return whether torch can use an NVIDIA GPU; without a driver torch is not even imported."""
    if not _has_driver():
        return False
    import torch

    return bool(torch.cuda.is_available())


def _has_driver() -> bool:
    return any(Path(path).exists() for path in _NVIDIA_DRIVERS)
