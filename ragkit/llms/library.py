"""Loading llama.cpp so that it is silent and shares the CPU; nothing else imports it.

It does not know models.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from types import ModuleType
from typing import Any

_SPIN_COUNT = "3000"
"""How often a thread looks again before it sleeps, waiting for the others after each operation.

Source: 2 cores, SmolLM2-135M Q8_0, tokens/s of prompt and generation. Alone: by default (up to
300,000) 632 and 63, with 3,000 633 and 63, with OMP_WAIT_POLICY=passive 628 and 54. Beside two busy
processes: by default below 65 and 1 (three of four runs did not end in 30 s), with 3,000 313 and
17, passive 340 and 36. So the default costs most where two programs meet on a small machine, and
gains nothing.
"""


_ERROR = 4
"""Value of enum ggml_log_level."""
_listening = Lock()


def load_llama_cpp(*, verbose: bool = False) -> ModuleType:
    """Return the library; it logs to stderr if `verbose`, else nowhere."""
    library = _import_llama_cpp()
    library.llama_log_set(_log_callback(verbose=verbose), ctypes.c_void_p(0))
    return library


def load_ggml() -> ctypes.CDLL:
    """Return the library below llama.cpp, which knows the devices; its functions are undeclared."""
    _import_llama_cpp()
    from llama_cpp import _ggml

    library: ctypes.CDLL = _ggml.libggml
    return library


@contextmanager
def captured_log(*, verbose: bool) -> Iterator[list[str]]:
    """Yield a list to which errors are added that llama.cpp logs meanwhile, which says why.

    Args:
        verbose: Whether it may write to stderr afterwards, as to `load_llama_cpp`.
    """
    library = _import_llama_cpp()
    errors: list[str] = []

    def listen(level: int, text: bytes, _user_data: object) -> None:
        if level == _ERROR:
            errors.append(text.decode("utf-8", errors="replace"))

    callback = library.llama_log_callback(listen)
    with _listening:
        library.llama_log_set(callback, ctypes.c_void_p(0))
        try:
            yield errors
        finally:
            load_llama_cpp(verbose=verbose)


@cache
def _import_llama_cpp() -> ModuleType:
    """Import it with a short spin for OpenMP, which reads the environment only at this moment."""
    chosen_by_user = {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"} & os.environ.keys()
    if not chosen_by_user:
        os.environ["GOMP_SPINCOUNT"] = _SPIN_COUNT
    try:
        import llama_cpp
    finally:
        if not chosen_by_user:
            del os.environ["GOMP_SPINCOUNT"]
    library: ModuleType = llama_cpp
    return library


@cache
def _log_callback(*, verbose: bool) -> Any:
    """Return a C callback; the cache keeps it alive for as long as llama.cpp may call it.

    The silent one is a C function that does nothing with what it is given. Were it Python, a Ctrl-C
    that comes while a model loads would be raised in it, and ctypes would print and forget it.
    """
    library = _import_llama_cpp()
    if not verbose:
        return ctypes.cast(library.llama_time_us, library.llama_log_callback)

    def log(_level: int, text: bytes, _user_data: object) -> None:
        sys.stderr.write(text.decode("utf-8", errors="replace"))

    return library.llama_log_callback(log)
