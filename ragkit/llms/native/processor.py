"""What a CPU is said to do well and does not.

It measures nothing.
"""


def has_broken_amx(system_info: bytes) -> bool:
    """Return whether llama.cpp would put weights into AMX buffers, where its first step crashes.

    Source: general protection fault at `ldtilecfg` in `ggml_backend_amx_mul_mat`: the compiler
    drops the tile configuration that is built on the stack (llama.cpp 20824, 26954; seen here with
    llama-cpp-python 0.3.36 on a Xeon with AMX). The buffers for repacked weights go with it.

    >>> has_broken_amx(b"CPU : AVX512_VNNI = 1 | AMX_INT8 = 1 | LLAMAFILE = 1 |")
    True
    """
    return b"AMX_INT8 = 1" in system_info
