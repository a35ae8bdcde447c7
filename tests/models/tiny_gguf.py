"""The head of a GGUF file, written by hand, with any bytes behind it."""

import struct


def string(text):
    return struct.pack("<Q", len(text)) + text.encode()


def head(*pairs, version=3):
    return b"GGUF" + struct.pack("<IQQ", version, 0, len(pairs)) + b"".join(pairs)


def integer(key, value):
    return string(key) + struct.pack("<II", 4, value)


def integers(key, values):
    packed = struct.pack(f"<{len(values)}i", *values)
    return string(key) + struct.pack("<IIQ", 9, 5, len(values)) + packed


NAME = string("general.name") + struct.pack("<I", 8) + string("Tiny")
TYPE = integer("general.file_type", 3)
SHAPE = (
    integer("tiny.context_length", 2048),
    integer("tiny.embedding_length", 64),
    integer("tiny.block_count", 3),
    integer("tiny.attention.head_count", 4),
    integer("tiny.attention.head_count_kv", 2),
)


def gguf_bytes(size: int, seed: int = 0) -> bytes:
    """Return what begins as a GGUF file and is so long."""
    start = head(NAME, TYPE, *SHAPE)
    pattern = bytes((i * 7 + seed) % 251 for i in range(997))
    return (start + pattern * (size // len(pattern) + 1))[:size]
