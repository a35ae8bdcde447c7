"""Examples whose prompts begin alike are found, whatever their order."""

from hypothesis import given
from hypothesis import strategies as st

from ragkit.training.families import find_families
from ragkit.training.records import TokenizedExample

PROMPTS = st.lists(
    st.lists(st.integers(0, 3), min_size=1, max_size=30).map(tuple), min_size=1, max_size=60
)


def examples_of(prompts):
    return [TokenizedExample("x", prompt, (7, 8)) for prompt in prompts]


@given(PROMPTS, st.sampled_from([20, 200]))
def test_each_example_is_in_one_family_whose_prompts_begin_alike(prompts, most_tokens):
    families = find_families(examples_of(prompts), most_tokens=most_tokens)
    members = [member for family in families for member in family.members]
    assert sorted(members) == [*range(len(prompts))]
    lengths = [len(prompt) + 2 for prompt in prompts]
    for shared, those in families:
        assert len({prompts[member][:shared] for member in those}) == 1
        assert all(shared < len(prompts[member]) for member in those)
        size = shared + sum(lengths[member] - shared for member in those)
        assert size <= most_tokens or len(those) == 1
        assert (shared == 0) == (len(those) == 1)
        assert size <= sum(lengths[member] for member in those)


def test_what_all_prompts_share_makes_no_family():
    lead = tuple(range(100))
    prompts = [(*lead, *range(900 * n, 900 * n + 300)) for n in range(2, 6)]
    assert all(len(family.members) == 1 for family in find_families(
        examples_of(prompts), most_tokens=10_000
    ))  # fmt: skip


def test_equal_prompts_keep_a_token_of_their_own():
    (family,) = find_families(examples_of([(1, 2, 3, 4, 5)] * 2), most_tokens=100)
    assert family.shared == 4


def test_the_order_of_the_examples_does_not_matter():
    prompts = [(*[n] * 20, last) for n in range(5) for last in range(3)]
    found = {
        frozenset(examples_of(prompts)[member].prompt for member in family.members)
        for family in find_families(examples_of(prompts), most_tokens=1000)
    }
    turned = examples_of(prompts[::-1])
    again = {
        frozenset(turned[member].prompt for member in family.members)
        for family in find_families(turned, most_tokens=1000)
    }
    assert found == again
    assert len(found) == 5
