"""From the logits of a position to a token, and to how likely each token was.

It evaluates nothing.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragkit.records import Sampling


def make_sampler(library: Any, sampling: Sampling) -> Any:
    """Return llama.cpp's chain of samplers for a way of choosing; the caller frees it."""
    chain = library.llama_sampler_chain_init(library.llama_sampler_chain_default_params())
    if sampling.temperature > 0:
        steps = [
            library.llama_sampler_init_top_k(sampling.top_k),
            library.llama_sampler_init_top_p(sampling.top_p, 1),
            library.llama_sampler_init_temp(sampling.temperature),
            library.llama_sampler_init_dist(sampling.seed),
        ]
    else:
        steps = [library.llama_sampler_init_greedy()]
    for step in steps:
        library.llama_sampler_chain_add(chain, step)
    return chain


def log_probability(logits: NDArray[np.float32], token: int) -> float:
    """Return the natural log-probability of a token, of logits of shape (vocabulary,).

    >>> round(log_probability(np.array([0.0, 0.0, -1e9], dtype=np.float32), 1), 6)
    -0.693147
    """
    largest = logits.max()
    total = np.exp(logits - largest).sum(dtype=np.float64)
    return float(logits[token] - largest - np.log(total))
