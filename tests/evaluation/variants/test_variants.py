"""Variants keep the meaning of a sample: its names, numbers, passages, instruction and answer."""

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragkit.errors import PromptError, UsageError
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import Sample
from ragkit.evaluation.variants import (
    AXES,
    InapplicableError,
    make_variants,
    own_instructions,
    read_instructions,
)
from ragkit.evaluation.variants.formats import draw_formats, lay_out
from ragkit.evaluation.variants.instructions import instruction_variants
from ragkit.evaluation.variants.seeding import generator_for
from ragkit.evaluation.variants.strategies import read_sets
from ragkit.evaluation.variants.typos import mistype
from ragkit.evidence import parse_citations
from ragkit.prompting import ABSTENTION_PHRASE, Strategy, load_strategy
from ragkit.prompting.rendering import PromptSource, render_system, render_user
from tests.evaluation.variants.cases import SAMPLE, TEXTS, case, hits

STRATEGIES = ("zero-shot", "zero-shot-cot", "one-shot", "few-shot", "few-shot-cot")
SOURCES = (
    PromptSource(1, "a.pdf, p. 3", "Leaves are green."),
    PromptSource(2, "b.md", "Roots take up 3.5 l of water."),
)


def variants(*axes, strategy="zero-shot", **options):
    made = make_variants([SAMPLE], PlanOptions(axes=axes, strategy=strategy, **options))
    return [one for name in axes for one in made[name]]


ALL = [one for group in make_variants([SAMPLE], PlanOptions()).values() for one in group]


@pytest.mark.parametrize("variant", ALL, ids=lambda one: one.id)
def test_a_variant_is_repeatable_and_fixes_the_passages(variant):
    changed = variant.change(case())
    assert changed == variant.change(case())
    assert changed.hits is not None
    assert {hit.chunk.id for hit in changed.hits} <= {hit.chunk.id for hit in hits()}
    assert changed.sample is SAMPLE
    if variant.axis not in ("count", "mixed"):
        assert {hit.chunk.id for hit in changed.hits} == {hit.chunk.id for hit in hits(5)}


@pytest.mark.parametrize("variant", ALL, ids=lambda one: one.id)
def test_a_variant_still_asks_cites_and_abstains(variant):
    changed = variant.change(case())
    shown = render_user(changed.strategy.user, changed.question, SOURCES)
    assert changed.question in shown
    for source in SOURCES:
        assert re.search(rf"\[{source.number}\].*{re.escape(source.text)}", shown)
        assert source.place in shown
    system = render_system(changed.strategy.system)
    assert ABSTENTION_PHRASE in system
    assert "[1]" in system
    if changed.strategy.answer_marker and not changed.strategy.examples:
        assert changed.strategy.answer_marker in system + shown


def test_variants_differ_from_each_other_and_from_the_sample():
    kept = [one for one in ALL if one.axis not in ("control", "typos")]
    seen = [variant.change(case()) for variant in kept]
    assert len({variant.id for variant in ALL}) == len(ALL)
    for at, one in enumerate(seen):
        assert one != case(), kept[at].id
        assert one not in seen[:at], kept[at].id


def test_the_control_changes_nothing_but_fixes_the_passages():
    assert [one.change(case()) for one in variants("control")] == [case(hits=hits(5))] * 3


def test_gold_goes_where_the_variant_says():
    gold = {"gold-first": 0, "gold-middle": 2, "gold-last": 4}
    for name, place in gold.items():
        (variant,) = (one for one in variants("order") if one.id == f"order/{name}")
        changed = variant.change(case())
        assert [hit.chunk.text for hit in changed.hits].index(TEXTS[1]) == place
        assert changed.in_order
        assert [hit.rank for hit in changed.hits if hit.chunk.text != TEXTS[1]] == [1, 3, 4, 5]


def test_order_and_number_of_passages():
    ids = {one.id: [hit.rank for hit in one.change(case()).hits] for one in variants("order")}
    assert ids["order/reversed"] == [5, 4, 3, 2, 1]
    assert ids["order/as-found"] == [1, 2, 3, 4, 5]
    shuffles = [tuple(ids[f"order/shuffle-{n}"]) for n in (1, 2, 3)]
    assert len(set(shuffles)) == 3
    counts = [len(one.change(case()).hits) for one in variants("count")]
    assert sorted(counts) == [1, 3, 10]


def test_what_a_sample_lacks_is_told_not_made_up():
    bare = Sample("x", "x", "unanswerable-near", "Who is it?")
    made = make_variants([bare], PlanOptions())
    assert not {"paraphrase", "language", "typos"} & set(made)
    orders = {one.id for one in made["order"]}
    assert "order/reversed" in orders
    assert "order/gold-first" not in orders
    (ten,) = (one for one in variants("count") if one.id == "count/10")
    with pytest.raises(InapplicableError, match="has 4 passages, not 10"):
        ten.change(case(pool=hits(4)))
    (first,) = (one for one in variants("order") if one.id == "order/gold-first")
    with pytest.raises(InapplicableError, match="none of the 1 passages"):
        first.change(case(pool=hits(1)))


def test_passages_that_a_sample_comes_with_stay():
    given_hits = hits(3)
    for variant in variants("paraphrase", "format", "control"):
        assert variant.change(case(hits=given_hits)).hits == given_hits


WORDS = st.lists(st.sampled_from("which between depth water Orvund 1811 a x2 Wasser île".split()))


@settings(max_examples=60, deadline=None)
@given(words=WORDS, rate=st.sampled_from((0.02, 0.05, 0.1, 0.5)), seed=st.integers())
def test_typos_touch_no_number_no_name_and_nothing_to_keep(words, rate, seed):
    text = " ".join(words)
    made = mistype(text, rate=rate, keep=("depth",), generator=generator_for(str(seed)))
    assert made == mistype(text, rate=rate, keep=("depth",), generator=generator_for(str(seed)))
    assert len(made.split()) == len(words)
    for before, after in zip(words, made.split(), strict=True):
        if before in ("Orvund", "1811", "depth", "a", "x2", "île"):
            assert after == before
        assert after[0] == before[0]
        assert abs(len(after) - len(before)) <= 2
    slips = sum(before != after for before, after in zip(words, made.split(), strict=True))
    assert slips <= max(1, round(rate * sum(letter.isalpha() for letter in text)))


def test_more_typos_hold_the_fewer():
    made = {one.id: one.change(case()).question.split() for one in variants("typos")}
    few, some, many = made["typos/2"], made["typos/5"], made["typos/10"]
    original = SAMPLE.question.split()
    changed = [{at for at, word in enumerate(one) if word != original[at]} for one in (few, some)]
    all_changed = {at for at, word in enumerate(many) if word != original[at]}
    assert changed[0] <= changed[1] <= all_changed
    assert len(all_changed) >= 5
    assert {"Lake", "Orvund", "1811?"} <= set(many)


def test_without_words_to_keep_no_capitalised_word_is_touched():
    text = "Which Marlet bottle was filled beneath Kessary Sill?"
    for seed in range(20):
        made = mistype(text, rate=0.3, generator=generator_for(str(seed)))
        assert re.findall(r"Marlet|Kessary|Sill", made) == ["Marlet", "Kessary", "Sill"]
        assert made != text


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_format_changes_the_layout_and_no_word(name):
    strategy = load_strategy(name)
    plain = render_user(strategy.user, "Why is it red?", SOURCES)
    for drawn in draw_formats(8):
        changed = lay_out(strategy, drawn)
        shown = render_user(changed.user, "Why is it red?", SOURCES)
        assert shown != plain
        assert shown.splitlines()[-1] == plain.splitlines()[-1]
        assert "Why is it red?" in render_user(changed.user, "Why is it red?", ())
        assert changed.system == strategy.system
        assert changed.examples == strategy.examples
        cited = parse_citations(shown.split("Why")[0])
        assert {number for sentence in cited for number in sentence.citations} == {1, 2}


def test_formats_are_drawn_evenly_and_by_seed():
    drawn = draw_formats(8)
    assert len(set(drawn)) == 8
    assert drawn == draw_formats(8)
    assert drawn != draw_formats(8, seed=1)
    for part in ("between", "source_label", "question_label"):
        counts = [sum(getattr(one, part) == choice for one in drawn)
                  for choice in {getattr(one, part) for one in drawn}]  # fmt: skip
        assert counts == [2, 2, 2, 2], part


def test_a_template_of_another_form_is_left_out():
    own = Strategy("own", 1, "", "Be brief.", "{{ question }} {{ sources[0].text }}")
    with pytest.raises(InapplicableError, match="template of own"):
        variants("format")[0].change(replace(case(), strategy=own))


def test_worked_examples_cite_sources_that_are_there():
    for name, examples in read_sets().items():
        assert [one.abstains for one in examples] == [True, False, False], name
        for example in examples:
            numbers = {source.number for source in example.sources}
            cited = {n for s in parse_citations(example.answer) for n in s.citations}
            assert cited <= numbers
            assert bool(cited) != example.abstains
    shown = {one.id: len(one.change(case()).strategy.examples) for one in variants("examples")}
    assert shown["examples/1-a"] == 1
    assert shown["examples/3-c-2"] == 3
    assert "examples/0" not in shown
    (none,) = (o for o in variants("examples", strategy="few-shot") if o.id == "examples/0")
    assert none.change(case(strategy="few-shot")).strategy.examples == ()


def test_a_strategy_that_reasons_is_still_told_to():
    for variant in variants("instruction"):
        system = variant.change(case(strategy="zero-shot-cot")).strategy.system
        assert '"Answer:"' in system
        assert '"Answer:"' not in variant.change(case()).strategy.system


def test_instructions_of_a_suite_are_read_and_checked(tmp_path):
    path = tmp_path / "instructions.toml"
    said = "Cite like [1], or say: {{ abstention }}"
    good = f'version = 1\n[[instruction]]\nid = "a"\nsystem = "{said}"\n'
    path.write_text(good)
    assert own_instructions(tmp_path / "elsewhere") == ()
    (variant,) = instruction_variants(own_instructions(tmp_path))
    assert ABSTENTION_PHRASE in render_system(variant.change(case()).strategy.system)
    path.write_text(good.replace("{{ abstention }}", "no"))
    with pytest.raises(PromptError, match=r"instructions.toml:4: system must say how to abstain"):
        read_instructions(path)
    path.write_text(good + good.partition("\n")[2])
    with pytest.raises(PromptError, match=r":5: there are two instructions 'a'"):
        read_instructions(path)


def test_the_hypercube_holds_each_level_about_equally_often():
    made = make_variants([SAMPLE], PlanOptions())["mixed"]
    assert len(made) == 12
    for axis, levels in (("strategy", 5), ("count", 4), ("typos", 4), ("template", 2)):
        used = [re.search(rf"{axis}/[\w-]+", one.level) for one in made]
        counts = [used.count(None), *(
            sum(1 for one in used if one and one[0] == level)
            for level in {one[0] for one in used if one}
        )]  # fmt: skip
        assert len(counts) == levels
        assert max(counts) - min(counts) <= 1, axis


def test_an_unknown_axis_names_those_there_are():
    with pytest.raises(UsageError, match="unknown axis 'typo'; known: control, count") as error:
        make_variants([SAMPLE], PlanOptions(axes=("typo",)))
    assert error.value.hint == "did you mean 'typos'?"
    assert set(make_variants([SAMPLE], PlanOptions(axes=("typos",)))) == {"control", "typos"}
    assert set(make_variants([SAMPLE], PlanOptions())) == set(AXES)


def test_chance_is_the_same_in_another_process():
    code = (
        "from ragkit.evaluation.variants.typos import mistype;"
        "from ragkit.evaluation.variants.seeding import generator_for;"
        "print(mistype('between which depths does moss grow', rate=.1,"
        " generator=generator_for('a', 'typos')))"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert made[0] == made[1] != "between which depths does moss grow\n"
