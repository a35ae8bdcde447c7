"""How the model is asked: "strategy", "examples", "template"."""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

from ragkit.evaluation.records import Case, Change, Variant
from ragkit.evaluation.variants.passages import hold
from ragkit.prompting import Strategy, WorkedExample, load_strategy
from ragkit.prompting.worked_examples import choose_fixed, read_examples

STRATEGIES = ("few-shot", "zero-shot-cot", "one-shot", "few-shot-cot", "zero-shot")
_ROOM = Path(__file__).parent


def strategy_variants(usual: str) -> tuple[Variant, ...]:
    """Return a variant for each built-in strategy but the one that is used anyway."""
    return tuple(
        Variant(f"strategy/{name}", "strategy", name, _use(load_strategy(name)))
        for name in STRATEGIES
        if name != usual
    )


def _use(strategy: Strategy) -> Change:
    def change(case: Case) -> Case:
        return replace(hold(case), strategy=strategy)

    return change


def example_variants(usual: str) -> tuple[Variant, ...]:
    """Return variants of how many worked examples are shown, of which set, in which order.

    Args:
        usual: The strategy that is used anyway; "none" is left out where it shows none.
    """
    one = [
        _shown(f"examples/1-{name}", f"1 worked example, set {name}", choose_fixed(examples, 1))
        for name, examples in read_sets().items()
    ]
    three = [
        _shown(
            f"examples/3-{name}-{number}",
            f"3 worked examples, set {name}, order {number}",
            tuple(examples[at] for at in order),
        )
        for number, order in enumerate(_orders(), start=1)
        for name, examples in read_sets().items()
    ]
    none = [_shown("examples/0", "no worked examples", ())] if _shows_examples(usual) else []
    return (*none, *one[:1], *three, *one[1:])


def _shows_examples(name: str) -> bool:
    return name in STRATEGIES and bool(load_strategy(name).examples)


@cache
def read_sets() -> dict[str, tuple[WorkedExample, ...]]:
    """Return the sets of worked examples by name; each has the same number."""
    return {
        path.stem: read_examples(path, with_reasoning=True)
        for path in sorted((_ROOM / "examples").glob("*.toml"))
    }


@cache
def _orders() -> tuple[tuple[int, ...], ...]:
    table = tomllib.loads((_ROOM / "orders.toml").read_text(encoding="utf-8"))
    return tuple(tuple(order) for order in table["orders"])


def _shown(identity: str, level: str, examples: tuple[WorkedExample, ...]) -> Variant:
    def change(case: Case) -> Case:
        return replace(hold(case), strategy=replace(case.strategy, examples=examples))

    return Variant(identity, "examples", level, change)


def template_variants() -> tuple[Variant, ...]:
    """Return the variant without the model's own marks of turns."""
    return (Variant("template/off", "template", "no chat template", _without_template),)


def _without_template(case: Case) -> Case:
    return replace(hold(case), chat_template=False)
