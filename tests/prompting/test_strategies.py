"""Strategies from files: built in, a project's own, and wrong ones."""

import pytest

from ragkit.errors import PromptError, UsageError
from ragkit.prompting import ABSTENTION_PHRASE, list_strategies, load_strategy

GOOD = {
    "name": '"mine"',
    "version": "2",
    "description": '"Mine."',
    "examples": "1",
    "system": '"Say {{ abstention }}"',
    "user": '"{% for s in sources %}[{{ s.number }}] {{ s.text }} {% endfor %}{{ question }}"',
}


def write(folder, **changes):
    rows = {**GOOD, **changes}
    text = "\n".join(f"{key} = {value}" for key, value in rows.items() if value is not None)
    folder.mkdir(exist_ok=True)
    (folder / "mine.toml").write_text(text)
    return folder


def test_built_in_strategies():
    strategies = {strategy.name: strategy for strategy in list_strategies()}
    assert {"zero-shot", "few-shot"} <= strategies.keys()
    assert strategies["zero-shot"].examples == ()
    assert len(strategies["few-shot"].examples) >= 3


def test_worked_examples_cite_their_sources_and_one_abstains(tmp_path):
    (example, *_) = examples = load_strategy(
        "mine", prompts_dir=write(tmp_path, examples="4")
    ).examples
    assert ABSTENTION_PHRASE in {example.answer for example in examples}
    for example in examples:
        cited = [source for source in example.sources if f"[{source.number}]" in example.answer]
        assert bool(cited) == (example.answer != ABSTENTION_PHRASE)


def test_project_adds_and_overrides(tmp_path):
    folder = write(tmp_path)
    (folder / "zero-shot.toml").write_text(
        (folder / "mine.toml").read_text().replace("mine", "zero-shot", 1)
    )
    assert load_strategy("mine", prompts_dir=folder).version == 2
    assert load_strategy("zero-shot", prompts_dir=folder).description == "Mine."
    assert load_strategy("zero-shot").description != "Mine."
    names = [strategy.name for strategy in list_strategies(folder)]
    assert names == sorted(names)
    assert "mine" in names


def test_project_brings_its_own_worked_examples(tmp_path):
    folder = write(tmp_path / "prompts")
    (folder / "examples").mkdir()
    (folder / "examples" / "default.toml").write_text(
        'version = 1\n[[example]]\nquestion = "Q?"\nanswer = "A [1]."\n'
        'sources = [{ place = "a.pdf", text = "A." }]\n'
    )
    (example,) = load_strategy("mine", prompts_dir=folder).examples
    assert example.question == "Q?"


def test_unknown_strategy():
    with pytest.raises(UsageError, match="unknown strategy 'few-shto'; known: few-shot, "):
        load_strategy("few-shto")


def test_prompts_folder_that_is_not_there(tmp_path):
    assert load_strategy("zero-shot", prompts_dir=tmp_path / "none").name == "zero-shot"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"system": None}, "mine.toml: system is missing"),
        ({"version": '"2"'}, "mine.toml: version must be int"),
        ({"examples": "true"}, "mine.toml: examples must be int"),
        ({"temperature": "0"}, "mine.toml: unknown key 'temperature'"),
        ({"name": '"yours"'}, "mine.toml: name is 'yours'"),
        ({"examples": "99"}, "mine.toml: examples is 99, but"),
        ({"user": '"{{ qestion }}"'}, "mine.toml: user is not a usable template"),
        ({"user": '"{% for %}"'}, "mine.toml: user is not a usable template"),
        ({"system": '"{{ 1 // 0 }}"'}, "mine.toml: system is not a usable template"),
        ({"user": "\"{{ ''.__class__.mro() }}\""}, "mine.toml: user is not a usable template"),
        ({"user": '"'}, "mine.toml is not valid TOML"),
    ],
)
def test_wrong_files_are_named_with_the_key(tmp_path, changes, message):
    with pytest.raises(PromptError) as raised:
        load_strategy("mine", prompts_dir=write(tmp_path, **changes))
    assert message in raised.value.message
