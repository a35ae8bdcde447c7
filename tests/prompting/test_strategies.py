"""Strategies from files: built in, a project's own, and wrong ones."""

import pytest

from ragkit.errors import PromptError, UsageError
from ragkit.llms import ScriptedLLM
from ragkit.prompting import assemble_prompt, load_strategy, read_strategies
from tests.prompting.small_sources import LEAVES

SYSTEM = 'system = "Say {{ abstention }}"'
USER = """user = '''
{% for s in sources %}
[{{ s.number }}] {{ s.text }}
{% endfor %}
{{ question }}
'''"""
GOOD = f"""\
name = "mine"
version = 2
description = "Mine."
examples = 1
{SYSTEM}
{USER}
"""


def write(folder, text=GOOD, name="mine"):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_built_in_strategies():
    strategies = {file.name: file.strategy for file in read_strategies()}
    assert strategies.keys() == {
        "zero-shot",
        "zero-shot-cot",
        "one-shot",
        "few-shot",
        "few-shot-cot",
    }
    for name, strategy in strategies.items():
        assert strategy.name == name
        assert strategy.version >= 1
        assert len(strategy.description) > 40
        assert bool(strategy.answer_marker) == name.endswith("cot")
        assert bool(strategy.reasoning_tokens) == name.endswith("cot")
        expected = {"zero": 0, "one": 1, "few": 4}[name.partition("-")[0]]
        assert len(strategy.examples) == expected


def test_project_adds_and_overrides(tmp_path):
    folder = write(tmp_path)
    write(folder, GOOD.replace('"mine"', '"zero-shot"'), "zero-shot")
    assert load_strategy("mine", prompts_dir=folder).version == 2
    assert load_strategy("zero-shot", prompts_dir=folder).description == "Mine."
    assert load_strategy("zero-shot").description != "Mine."
    files = read_strategies(folder)
    assert [file.name for file in files] == sorted(file.name for file in files)
    assert {file.name for file in files if not file.built_in} == {"mine", "zero-shot"}


def test_unknown_strategy():
    with pytest.raises(UsageError, match="unknown strategy 'few-shto'; known: few-shot, "):
        load_strategy("few-shto")


def test_prompts_folder_that_is_not_there(tmp_path):
    assert load_strategy("zero-shot", prompts_dir=tmp_path / "none").name == "zero-shot"


def test_a_broken_file_hides_no_other(tmp_path):
    folder = write(write(tmp_path), "name = ", "broken")
    files = {file.name: file for file in read_strategies(folder)}
    assert files["mine"].strategy.version == 2
    assert files["broken"].strategy is None
    assert files["broken"].error.message.startswith(f"{folder / 'broken.toml'}:1: not valid TOML")
    with pytest.raises(PromptError, match=r"broken\.toml:1: "):
        load_strategy("broken", prompts_dir=folder)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (SYSTEM + "\n", "", 1, "system is missing"),
        ("version = 2", 'version = "2"', 2, "version must be a whole number, not '2'"),
        ("version = 2", "version = 2\ntemperature = 0", 3, "unknown key 'temperature'"),
        ("examples = 1", "examples = true", 4, "examples must be a whole number"),
        ("examples = 1", "examples = 99", 4, "examples is 99, but"),
        ("examples = 1", "examples = -1", 4, "examples is -1, but"),
        (
            "examples = 1",
            'examples = 1\nexample_set = "x"',
            5,
            "unknown set of examples 'x'; known:",
        ),
        ("examples = 1", "examples = 0\nreasoning_tokens = -1", 5, "reasoning_tokens is below 0"),
        ('"mine"', '"yours"', 1, "name is 'yours', but the file is mine.toml"),
        ("{{ abstention }}", "{{ 1 // 0 }}", 5, "system is not a usable template: "),
        ("{{ abstention }}", "{{ sources }}", 5, "system is not a usable template: 'sources' is"),
        ("s.text", "s.txt", 8, "user is not a usable template: "),
        ("{{ question }}", "{{ qestion }}", 10, "user is not a usable template: 'qestion' is und"),
        ("{{ question }}", "{% for %}", 10, "user is not a usable template: "),
        ("{{ question }}", "{{ ''.__class__.mro() }}", 10, "user is not a usable template: "),
        ("{{ question }}", "", 6, "user does not show the question"),
        ("s.text", "s.place", 6, "user does not show the text of each source"),
        ("in sources", "in sources[:1]", 6, "user does not show the text of each source"),
        ("{{ question }}", "{{ question }} {{ sources[0].place }}", 10, "user is not a usable"),
        ('description = "Mine."', 'description = "Mine.', 3, "not valid TOML: "),
        ("version = 2", "version = 2\nversion = 3", 3, "not valid TOML: Cannot overwrite"),
        (
            "examples = 1",
            'examples = 0\nanswer_marker = "So:"',
            5,
            "answer_marker is 'So:', but the model is not told to write it",
        ),
    ],
)
def test_wrong_files_are_told_with_file_and_line(tmp_path, old, new, line, message):
    text = GOOD.replace(old, new)
    assert text != GOOD
    with pytest.raises(PromptError) as raised:
        load_strategy("mine", prompts_dir=write(tmp_path, text))
    assert raised.value.message.startswith(f"{tmp_path / 'mine.toml'}:{line}: {message}")
    assert raised.value.hint


def test_a_key_within_a_text_is_not_taken_for_the_key(tmp_path):
    text = GOOD.replace('"Mine."', '"""\nversion = 1\n"""').replace("version = 2\n", "")
    text += "version = 0.5\n"
    with pytest.raises(PromptError, match=r"mine\.toml:13: version must be"):
        load_strategy("mine", prompts_dir=write(tmp_path, text))


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "mine.toml").write_bytes(GOOD.encode() + b"\xff")
    with pytest.raises(PromptError, match=r"mine\.toml:12: not UTF-8"):
        load_strategy("mine", prompts_dir=tmp_path)


def test_a_file_as_notepad_saves_it(tmp_path):
    (tmp_path / "mine.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_strategy("mine", prompts_dir=tmp_path).name == "mine"


def test_templates_may_change_how_things_look(tmp_path):
    text = GOOD.replace("{{ question }}", "{{ question | upper }}")
    text = text.replace("s.text }}", "s.text | truncate(900) | wordwrap(70) }}")
    assert load_strategy("mine", prompts_dir=write(tmp_path, text)).version == 2


def test_a_template_that_fails_for_one_question_is_one_clear_error(tmp_path):
    text = GOOD.replace("{{ question }}", "{{ question }} {{ 1 // (question | length - 4) }}")
    strategy = load_strategy("mine", prompts_dir=write(tmp_path, text))
    llm = ScriptedLLM("echo")
    with pytest.raises(PromptError, match="fails at its line 4: integer division"):
        assemble_prompt("Why?", (LEAVES,), strategy=strategy, llm=llm, max_new_tokens=9)
