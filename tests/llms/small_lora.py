"""LoRA adapters in GGUF form, written by hand.

Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, and convert_lora_to_gguf.py of
llama.cpp for the names of keys and tensors.
"""

import struct
from pathlib import Path

import numpy as np

_TEXT, _FLOAT, _ALIGNMENT = 8, 6, 32
_FORMS = {np.float32: 0, np.float16: 1}


def write_lora(
    path: Path, matrices, *, architecture="llama", kind="lora", alpha=8.0, dtype=np.float32
) -> Path:
    """Write an adapter: by tensor of the base model, A of shape (rank, in) and B (out, rank)."""
    tensors = {}
    for name, (a, b) in matrices.items():
        tensors[f"{name}.lora_a"] = np.ascontiguousarray(a, dtype=dtype)
        tensors[f"{name}.lora_b"] = np.ascontiguousarray(b, dtype=dtype)
    keys = {"general.type": "adapter", "general.architecture": architecture, "adapter.type": kind}
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(keys) + 1)
    for key, value in keys.items():
        head += _text(key) + struct.pack("<I", _TEXT) + _text(value)
    head += _text("adapter.lora.alpha") + struct.pack("<If", _FLOAT, alpha)
    form, offset = _FORMS[dtype], 0
    for name, values in tensors.items():
        shape = values.shape[::-1]  # in GGUF the fastest dimension stands first
        head += _text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, form, offset)
        offset += -(-values.nbytes // _ALIGNMENT) * _ALIGNMENT
    data = b"".join(_padded(values.tobytes()) for values in tensors.values())
    path.write_bytes(_padded(head) + data)
    return path


def query_matrices(*, scale=0.0, rank=4, width=576, layers=(0, 5), seed=0):
    """Return matrices for the query weights of some layers of SmolLM2-135M; 0 changes nothing."""
    random = np.random.default_rng(seed)
    return {
        f"blk.{layer}.attn_q.weight": (
            random.normal(size=(rank, width)),
            random.normal(size=(width, rank)) * scale,
        )
        for layer in layers
    }


def _text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % _ALIGNMENT)
