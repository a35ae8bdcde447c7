"""Worked examples: what they hold, and which are chosen for a question."""

import re
from pathlib import Path

import pytest

from ragkit.encoders import EncoderOptions, HashingEncoder, load_encoder
from ragkit.errors import PromptError, UsageError
from ragkit.evidence import is_abstention
from ragkit.prompting import (
    ABSTENTION_PHRASE,
    NearestExamples,
    WorkedExample,
    check_choice,
    load_strategy,
    read_example_sets,
)
from ragkit.words import content_words, stem

(DEFAULT,) = (one.examples for one in read_example_sets() if one.name == "default")
CORPUS = Path(__file__).parents[2] / "corpus"
OWN_SET = """\
version = 1

[[example]]
question = "How tall is it?"
answer = "The documents do not say."
kind = "abstention"
sources = [{ place = "a.pdf", text = "It is red." }]

[[example]]
question = "What colour is it?"
answer = "It is red [1]."
sources = [
    { place = "a.pdf", text = "It is red." },
    { place = "b.pdf", text = "It is old." },
]
"""
OWN_STRATEGY = """\
name = "mine"
version = 1
description = "Mine."
examples = 2
example_set = "own"
system = "Answer."
user = "{% for s in sources %}[{{ s.number }}] {{ s.text }} {% endfor %}{{ question }}"
"""


def write(folder, examples=OWN_SET, strategy=OWN_STRATEGY, name="own"):
    (folder / "examples").mkdir(exist_ok=True)
    (folder / "examples" / f"{name}.toml").write_text(examples, encoding="utf-8")
    (folder / "mine.toml").write_text(strategy, encoding="utf-8")
    return folder


# --- the ones that come with ragkit ---------------------------------------------------------------


def test_kinds_of_question():
    kinds = [example.kind for example in DEFAULT]
    assert len(kinds) == len(set(kinds)) >= 8
    assert {"definition", "number", "date", "comparison", "how", "list", "abstention"} < set(kinds)
    assert {"yes or no", "false premise", "two sources"} < set(kinds)


@pytest.mark.parametrize("example", DEFAULT, ids=lambda example: example.kind)
def test_an_answer_stands_in_the_sources_that_it_cites(example):
    """Else a model would learn to cite at random, or to invent."""
    assert example.reasoning
    assert example.abstains == is_abstention(example.answer)
    if example.abstains:
        assert example.answer == ABSTENTION_PHRASE
        return
    cited = {int(number) for number in re.findall(r"\[(\d+)\]", example.answer)}
    assert cited
    text = " ".join(source.text for source in example.sources if source.number in cited)
    said = {stem(word) for word in content_words(re.sub(r"\[\d+\]", "", example.answer))}
    assert said - {"ye"} <= {stem(word) for word in content_words(text)}
    assert (len(cited) > 1) == (example.kind == "two sources")


def test_none_is_about_what_the_course_teaches():
    """No two words of a worked question stand in one line of the corpus."""
    lines = [
        {stem(word) for word in content_words(line)}
        for path in CORPUS.rglob("*.md")
        for line in path.read_text("utf-8").splitlines()
    ]
    assert len(lines) > 100
    for example in DEFAULT:
        words = {stem(word) for word in content_words(example.question)}
        assert not [line for line in lines if len(words & line) > 1], example.question


# --- a project's own ------------------------------------------------------------------------------


def test_a_strategy_names_its_set(tmp_path):
    strategy = load_strategy("mine", prompts_dir=write(tmp_path))
    assert [example.question for example in strategy.pool] == [
        "How tall is it?",
        "What colour is it?",
    ]
    assert strategy.pool[0].abstains


def test_a_set_named_default_takes_the_place_of_the_built_in_one(tmp_path):
    write(tmp_path, strategy=OWN_STRATEGY.replace('example_set = "own"\n', ""), name="default")
    assert load_strategy("mine", prompts_dir=tmp_path).pool[0].question == "How tall is it?"


def test_sources_may_be_tables_of_their_own(tmp_path):
    head, _, _ = OWN_SET.rpartition("sources = [\n")
    tables = '[[example.sources]]\nplace = "a.pdf"\ntext = "It is red."\n'
    write(tmp_path, head + tables)
    (source,) = load_strategy("mine", prompts_dir=tmp_path).pool[1].sources
    assert source.text == "It is red."
    write(tmp_path, head + tables + '[[example.sources]]\nplace = 3\ntext = "It is old."\n')
    with pytest.raises(PromptError, match=r"own\.toml:16: place must be a text, not 3"):
        load_strategy("mine", prompts_dir=tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("version = 1\n", "", 1, "version is missing"),
        ('answer = "It is red [1]."', 'anwser = "It is red."', 11, "unknown key 'anwser'"),
        ('answer = "It is red [1]."\n', "", 9, "answer is missing"),
        ('answer = "It is red [1]."', 'answer = ""', 11, "answer is empty"),
        ("[1]", "[3]", 11, "the answer cites [3], but there are 2 sources"),
        ('"It is old."', "1903", 14, "text must be a text, not 1903"),
        ('place = "b.pdf"', 'plac = "b.pdf"', 14, "unknown key 'plac'"),
        (', text = "It is old."', "", 14, "text is missing"),
        ('"What colour is it?"', '"What colour is it?', 10, "not valid TOML"),
    ],
)
def test_wrong_files_are_told_with_file_and_line(tmp_path, old, new, line, message):
    text = OWN_SET.replace(old, new)
    assert text != OWN_SET
    with pytest.raises(PromptError) as raised:
        load_strategy("mine", prompts_dir=write(tmp_path, text))
    path = tmp_path / "examples" / "own.toml"
    assert raised.value.message.startswith(f"{path}:{line}: {message}")
    assert [one.error is None for one in read_example_sets(tmp_path)] == [True, False]


def test_a_strategy_that_reasons_needs_examples_that_do(tmp_path):
    write(tmp_path, strategy=OWN_STRATEGY + 'answer_marker = "Answer:"\n')
    with pytest.raises(PromptError, match=r"own\.toml:3: reasoning is missing"):
        load_strategy("mine", prompts_dir=tmp_path)


# --- fixed ----------------------------------------------------------------------------------------


def test_fixed_examples_are_the_first(tmp_path):
    kinds = [example.kind for example in load_strategy("few-shot").examples]
    assert kinds == [example.kind for example in DEFAULT[:4]]
    assert kinds[0] == "abstention"


def test_one_alone_answers():
    (example,) = load_strategy("one-shot").examples
    assert not example.abstains


def test_one_of_several_abstains_wherever_it_stands_in_the_set(tmp_path):
    answering, abstaining = OWN_SET.split("[[example]]")[:0:-1]
    text = "version = 1\n" + "".join(
        f"[[example]]{part}\n" for part in (answering, answering, abstaining)
    )
    strategy = load_strategy("mine", prompts_dir=write(tmp_path, text))
    assert [example.abstains for example in strategy.examples] == [False, True]


# --- nearest --------------------------------------------------------------------------------------


class CountingEncoder(HashingEncoder):
    """Remembers how many texts it encoded."""

    encoded = 0

    def encode_queries(self, texts):
        self.encoded += len(texts)
        return super().encode_queries(texts)


def test_nearest_examples_end_with_the_nearest_and_begin_with_an_abstention():
    chosen = NearestExamples(HashingEncoder()).choose("How does a bicycle form?", DEFAULT, 3)
    assert chosen[0].abstains
    assert chosen[-1].question == "How does a glacier form?"
    assert len(chosen) == len(set(chosen)) == 3


def test_one_nearest_example_answers():
    nearest = NearestExamples(HashingEncoder())
    (example,) = nearest.choose("How tall is the lighthouse?", DEFAULT, 1)
    assert not example.abstains
    assert nearest.choose("Why?", DEFAULT, 0) == ()


def test_equally_near_examples_come_in_the_order_of_their_set():
    twins = tuple(WorkedExample("Why?", (), f"{number}.") for number in range(5))
    chosen = NearestExamples(HashingEncoder()).choose("What?", twins, 2)
    assert [example.answer for example in chosen] == ["1.", "0."]


def test_a_set_is_encoded_once():
    encoder = CountingEncoder()
    nearest = NearestExamples(encoder)
    for question in ("Why?", "How?", "When?"):
        nearest.choose(question, DEFAULT, 4)
    assert encoder.encoded == len(DEFAULT) + 3


@pytest.mark.model
def test_nearest_in_meaning(minilm_folder, cache_dir):
    options = EncoderOptions(precision="fp32")
    encoder = load_encoder(minilm_folder, name="m", cache_dir=cache_dir, options=options)
    nearest = NearestExamples(encoder)
    for question, kind in [
        ("How is Adam different from SGD?", "comparison"),
        ("In which year was the first tunnel inaugurated?", "date"),
        ("May I bring my puppy?", "yes or no"),
    ]:
        assert nearest.choose(question, DEFAULT, 4)[-1].kind == kind


def test_unknown_choice():
    with pytest.raises(UsageError, match="unknown way to choose examples 'near'; known: fixed, ne"):
        check_choice("near")
