"""All axes by name, and what a run varies along each."""

from collections.abc import Callable, Mapping, Sequence

from ragkit.errors import UsageError, unknown_name
from ragkit.evaluation.errors import InapplicableError
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import BASE_AXIS, Case, Sample, Variant
from ragkit.evaluation.variants.formats import format_variants
from ragkit.evaluation.variants.instructions import instruction_variants
from ragkit.evaluation.variants.mixed import mixed_variants
from ragkit.evaluation.variants.passages import (
    control_variants,
    count_variants,
    hold,
    order_variants,
)
from ragkit.evaluation.variants.strategies import (
    example_variants,
    strategy_variants,
    template_variants,
)
from ragkit.evaluation.variants.typos import typo_variants
from ragkit.evaluation.variants.wording import language_variants, paraphrase_variants
from ragkit.prompting import Strategy, load_strategy

BASE = Variant("base", BASE_AXIS, "as the sample puts it", hold)

_MAKERS: Mapping[str, Callable[[PlanOptions, Sequence[Sample]], tuple[Variant, ...]]] = {
    "control": lambda _options, _samples: control_variants(),
    "paraphrase": lambda _options, _samples: paraphrase_variants(),
    "typos": lambda _options, _samples: typo_variants(),
    "language": lambda _options, samples: language_variants(samples),
    "strategy": lambda options, _samples: strategy_variants(options.strategy),
    "instruction": lambda options, _samples: instruction_variants(options.instructions),
    "format": lambda options, _samples: format_variants(seed=options.seed),
    "examples": lambda options, _samples: example_variants(options.strategy),
    "order": lambda _options, _samples: order_variants(),
    "count": lambda _options, _samples: count_variants(),
    "template": lambda _options, _samples: template_variants(),
}
AXES: tuple[str, ...] = (*_MAKERS, "mixed")
"""Names of the axes, as `--axes` takes them."""

_MIXED_DIMENSIONS = (
    ("strategy",),
    ("instruction",),
    ("format",),
    ("examples",),
    ("paraphrase", "language"),
    ("typos",),
    ("count",),
    ("order",),
    ("template",),
)
"""In the order in which the changes are made: a later one keeps what an earlier one did, while a
strategy would undo a format before it. A question is worded anew or translated, not both."""


def check_axes(names: Sequence[str]) -> None:
    """Raise a UsageError for an axis that there is not."""
    for name in names:
        if name not in AXES:
            raise unknown_name("axis", name, AXES)


def make_variants(
    samples: Sequence[Sample], options: PlanOptions
) -> dict[str, tuple[Variant, ...]]:
    """Return the variants of each axis that apply to any sample, the most telling first.

    Args:
        samples: What is put.
        options: With the axes wanted, all by default, and the usual strategy.

    Raises:
        UsageError: There is no such axis.
        PromptError: A strategy's file is wrong.
    """
    check_axes(options.axes)
    usual = usual_strategy(options)
    made = {
        name: tuple(
            variant
            for variant in make(options, samples)
            if any(applies(variant, sample, usual) for sample in samples)
        )
        for name, make in _MAKERS.items()
    }
    if not options.axes or "mixed" in options.axes:
        parts = ([one for name in names for one in made[name]] for names in _MIXED_DIMENSIONS)
        made["mixed"] = mixed_variants([part for part in parts if part], seed=options.seed)
    wanted = {*options.axes, "control"} if options.axes else set(AXES)
    return {name: variants for name, variants in made.items() if name in wanted and variants}


def usual_strategy(options: PlanOptions) -> Strategy:
    """Return how the model is asked unless that is varied; zero-shot in place of a user's own.

    What a user's own strategy allows is only known once a project is open.
    """
    try:
        return load_strategy(options.strategy)
    except UsageError:
        return load_strategy("zero-shot")


def applies(variant: Variant, sample: Sample, strategy: Strategy) -> bool:
    """Say whether a sample has what a variant needs, as far as is known before anything is found.

    Args:
        variant: A way to put it.
        sample: What is put.
        strategy: The usual one.
    """
    try:
        variant.change(Case(sample, sample.question, strategy))
    except InapplicableError:
        return False
    return True
