"""What is seen when: all once an epoch, in steps of the size asked for, without padding."""

from hypothesis import given
from hypothesis import strategies as st

from ragkit.training.batches import Span, pack, pack_into_batches, plan_steps
from ragkit.training.families import Family
from ragkit.training.records import Recipe, TokenizedExample


def of_length(length, number=0):
    """Return an example that begins as no other."""
    return TokenizedExample("x", (number, *range(length - 2)), (7,))


def of_lengths(lengths):
    return [of_length(length, number) for number, length in enumerate(lengths)]


LENGTHS = st.lists(st.integers(2, 400), min_size=1, max_size=120)


def seen(steps):
    return [one for step in steps for batch in step for family in batch for one in family.members]


@given(LENGTHS, st.integers(0, 5), st.sampled_from([64, 700, 5000]))
def test_each_example_is_seen_once_an_epoch(lengths, seed, step_tokens):
    examples = of_lengths(lengths)
    recipe = Recipe(seed=seed, epochs=2, tokens_per_step=step_tokens)
    order = seen(plan_steps(examples, recipe, batch_tokens=512))
    assert sorted(order[: len(lengths)]) == sorted(order[len(lengths) :]) == [*range(len(lengths))]
    assert order == seen(plan_steps(examples, recipe, batch_tokens=512))


@given(LENGTHS, st.sampled_from([512, 2048]))
def test_no_batch_is_larger_than_allowed_but_a_long_example_alone(lengths, batch_tokens):
    recipe = Recipe(tokens_per_step=2048)
    for step in plan_steps(of_lengths(lengths), recipe, batch_tokens=batch_tokens):
        for batch in step:
            assert sum(family.size(lengths) for family in batch) <= batch_tokens or len(batch) == 1


def test_the_order_follows_from_the_seed():
    examples = of_lengths(range(20, 70))
    plans = [
        plan_steps(examples, Recipe(seed=seed, tokens_per_step=500), batch_tokens=250)
        for seed in (0, 1)
    ]
    assert plans[0] != plans[1]


def test_steps_are_about_as_large_as_asked_for():
    lengths = [60 + (n * 37) % 500 for n in range(2000)]
    steps = plan_steps(of_lengths(lengths), Recipe(tokens_per_step=8192), batch_tokens=3072)
    sizes = [sum(lengths[one] for one in seen([step])) for step in steps]
    assert all(8192 - 3072 <= size <= 8192 + 3072 for size in sizes[:-1])


def test_a_family_is_seen_in_one_batch():
    lead = tuple(range(60))
    examples = [TokenizedExample("x", (n % 9, *lead, n), (7,)) for n in range(90)]
    steps = plan_steps(examples, Recipe(tokens_per_step=300), batch_tokens=150)
    families = [family for step in steps for batch in step for family in batch]
    assert sorted(len(family.members) for family in families) == [10] * 9
    assert all(len({one % 9 for one in family.members}) == 1 for family in families)


def test_half_an_epoch_sees_half():
    recipe = Recipe(epochs=1.5, tokens_per_step=100)
    assert len(seen(plan_steps(of_lengths([20] * 40), recipe, batch_tokens=100))) == 60


def test_a_batch_is_filled_in_the_order_given():
    families = [Family(0, (number,)) for number in range(4)]
    batches = pack_into_batches(families, [300, 20, 310, 22], 330)
    assert [[family.members[0] for family in batch] for batch in batches] == [[0, 1], [2], [3]]


def test_what_is_shared_stands_once_and_targets_where_they_belong():
    examples = [
        TokenizedExample("a", (1, 2, 3), (4,)),
        TokenizedExample("b", (9, 9), (8, 7)),
        TokenizedExample("c", (1, 2, 5, 6), (7, 8)),
    ]
    packed = pack((Family(2, (0, 2)), Family(0, (1,))), examples)
    assert packed.tokens.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 8, 7]
    assert packed.places.tolist() == [0, 1, 2, 3, 2, 3, 4, 5, 0, 1, 2, 3]
    assert packed.spans == (Span(2, (2, 4)), Span(0, (4,)))
    assert packed.positions.tolist() == [2, 5, 6, 9, 10]
    assert packed.targets.tolist() == [4, 7, 8, 8, 7]
