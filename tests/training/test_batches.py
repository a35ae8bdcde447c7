"""What is seen when: all once an epoch, in steps of the size asked for, with little padding."""

from hypothesis import given
from hypothesis import strategies as st

from ragkit.training.batches import pad, plan_steps, round_up, sort_into_batches
from ragkit.training.records import Recipe, TokenizedExample


def of_length(length, name="x"):
    return TokenizedExample(name, tuple(range(length - 1)), (7,))


LENGTHS = st.lists(st.integers(2, 400), min_size=1, max_size=120)


def seen(steps):
    return [position for step in steps for batch in step for position in batch]


@given(LENGTHS, st.integers(0, 5), st.sampled_from([64, 700, 5000]))
def test_each_example_is_seen_once_an_epoch(lengths, seed, step_tokens):
    examples = [of_length(length) for length in lengths]
    recipe = Recipe(seed=seed, epochs=2, tokens_per_step=step_tokens)
    order = seen(plan_steps(examples, recipe, batch_tokens=512))
    assert sorted(order[: len(lengths)]) == sorted(order[len(lengths) :]) == [*range(len(lengths))]
    assert order == seen(plan_steps(examples, recipe, batch_tokens=512))


@given(LENGTHS, st.sampled_from([512, 2048]))
def test_no_batch_is_larger_than_allowed_but_a_long_example_alone(lengths, batch_tokens):
    examples = [of_length(length) for length in lengths]
    for step in plan_steps(examples, Recipe(tokens_per_step=2048), batch_tokens=batch_tokens):
        for batch in step:
            width = round_up(max(lengths[position] for position in batch))
            assert width * len(batch) <= batch_tokens or len(batch) == 1


def test_the_order_follows_from_the_seed():
    examples = [of_length(20 + n) for n in range(50)]
    plans = [
        plan_steps(examples, Recipe(seed=seed, tokens_per_step=500), batch_tokens=250)
        for seed in (0, 1)
    ]
    assert plans[0] != plans[1]


def test_steps_are_about_as_large_as_asked_for_and_padding_is_small():
    lengths = [60 + (n * 37) % 500 for n in range(2000)]
    examples = [of_length(length) for length in lengths]
    steps = plan_steps(examples, Recipe(tokens_per_step=8192), batch_tokens=3072)
    sizes = [sum(lengths[position] for batch in step for position in batch) for step in steps]
    assert all(8192 - 3072 <= size <= 8192 + 3072 for size in sizes[:-1])
    padded = sum(
        len(batch) * round_up(max(lengths[one] for one in batch))
        for step in steps
        for batch in step
    )
    assert padded < 1.06 * sum(sizes)


def test_half_an_epoch_sees_half():
    examples = [of_length(20)] * 40
    recipe = Recipe(epochs=1.5, tokens_per_step=100)
    assert len(seen(plan_steps(examples, recipe, batch_tokens=100))) == 60


def test_a_batch_holds_lengths_of_a_kind():
    assert sort_into_batches([300, 20, 310, 22], range(4), batch_tokens=4096) == [(1, 3), (0, 2)]


def test_padding_stands_on_the_right_and_targets_where_they_belong():
    batch = pad([TokenizedExample("a", (1, 2), (3,)), TokenizedExample("b", (4, 5, 6), (7, 8))])
    assert batch.tokens[:, :6].tolist() == [[1, 2, 3, 0, 0, 0], [4, 5, 6, 7, 8, 0]]
    assert batch.tokens.shape == (2, 16)
    assert batch.positions.tolist() == [1, 18, 19]
    assert batch.targets.tolist() == [3, 7, 8]
