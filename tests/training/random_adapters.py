"""Weights of adapters that nobody trained, by peft's names."""

import numpy as np

from ragkit.training.export import AdapterBase


def random_weights(base: AdapterBase, *, widths, rank=4, size=1.0, seed=0):
    """Return A and B for each layer of each block whose (inputs, outputs) are given.

    What they add to a layer is `size` times as large as what comes in, about.
    """
    random = np.random.default_rng(seed)
    weights = {}
    for layer in range(base.layers):
        for part, (inputs, outputs) in widths.items():
            name = f"base_model.model.model.layers.{layer}.{part}_proj"
            a = random.normal(size=(rank, inputs)) / np.sqrt(inputs)
            b = random.normal(size=(outputs, rank)) * size / np.sqrt(rank)
            weights[f"{name}.lora_A.weight"] = a.astype(np.float32)
            weights[f"{name}.lora_B.weight"] = b.astype(np.float32)
    return weights
