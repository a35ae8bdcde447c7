"""An adapter of random weights says the same in transformers and llama.cpp; a wrong one does not.

Models of each architecture are made on the spot, in float32, where nothing else makes them differ.
"""

from dataclasses import replace

import numpy as np
import pytest

from ragkit.errors import UsageError
from ragkit.training.export import ROTATED_IN_PAIRS, read_adapter_base, save_adapter
from ragkit.training.proof import TrainedAdapter, prove
from ragkit.training.records import Recipe, TokenizedExample
from tests.training.random_adapters import random_weights
from tests.training.tiny_base import widths, write_tiny_base

RECIPE = Recipe(rank=4, alpha=4.0)


def random_examples(count, *, prompt=40, completion=12, end=257):
    random = np.random.default_rng(1)
    return [
        TokenizedExample(
            id=str(number),
            prompt=tuple(random.integers(0, 256, prompt + number).tolist()),
            completion=(*random.integers(0, 256, completion).tolist(), end),
        )
        for number in range(count)
    ]


def train_at_random(folder, architecture, *, size=0.5, scale=1.0):
    """Return an adapter that nobody trained, its file so many times as strong."""
    file = write_tiny_base(folder / "base.gguf", architecture=architecture)
    base = read_adapter_base(file)
    weights = random_weights(base, widths=widths(architecture), size=size)
    path = folder / "adapter.gguf"
    recipe = replace(RECIPE, alpha=RECIPE.alpha * scale)
    save_adapter(path, weights, base=base, recipe=recipe, name="random")
    return TrainedAdapter(path, weights, base, RECIPE)


@pytest.mark.parametrize("architecture", sorted(ROTATED_IN_PAIRS))
def test_llama_cpp_says_what_transformers_says(tmp_path, architecture):
    trained = train_at_random(tmp_path, architecture)
    proof = prove(trained, random_examples(4), files=(), threads=1)
    (exact,) = proof.files
    assert proof.failures == ()
    assert exact.file == "float32"
    assert (exact.prompts, exact.adapted.tokens) == (4, 4 * 13)
    assert exact.same_completions + exact.near_ties == 4
    assert exact.same_completions >= 3
    assert exact.tie < 0.02
    assert exact.adapted.same_best > 0.95
    # 16 bits of the adapter against 32: seen at 0.0008 nats, without it 0.0003
    assert exact.adapted.mean_difference < 0.002
    assert exact.adapted.divergence < 1e-5


def test_queries_and_keys_in_the_order_of_transformers_are_found_out(tmp_path, monkeypatch):
    monkeypatch.setitem(ROTATED_IN_PAIRS, "llama", False)
    trained = train_at_random(tmp_path, "llama")
    monkeypatch.undo()
    proof = prove(trained, random_examples(4), files=(), threads=1)
    (exact,) = proof.files
    assert exact.adapted.mean_difference > 0.3
    assert len(proof.failures) == 2
    assert "nats on average, more than" in proof.failures[0]
    assert "of 4 completions part" in proof.failures[1]
    # without the adapter there is nothing wrong
    assert exact.plain.mean_difference < 0.001


def test_a_tenth_more_of_an_adapter_is_found_out(tmp_path):
    trained = train_at_random(tmp_path, "llama", scale=1.1)
    proof = prove(trained, random_examples(4), files=(), threads=1)
    assert any("nats on average" in failure for failure in proof.failures)


def test_weights_of_another_recipe_are_refused(tmp_path):
    trained = train_at_random(tmp_path, "llama")
    with pytest.raises(UsageError, match="no example"):
        prove(trained, (), files=(), threads=1)
    fewer = replace(trained, recipe=replace(RECIPE, targets=("q", "v")))
    with pytest.raises(UsageError, match="has other layers or another rank"):
        prove(fewer, random_examples(1), files=(), threads=1)
