"""`ragkit prompt`, and strategies that a user writes."""

import re

import pytest

from tests.own_strategy import write_own_strategy
from tests.small_project import ANSWER, QUESTION, UNANSWERABLE, assert_refused


@pytest.fixture
def own_strategy(indexed):
    """The project with the strategy and the worked examples that docs/commands.md shows."""
    write_own_strategy(indexed)
    return indexed


def test_the_strategy_in_the_documentation_works(own_strategy, ragkit):
    done = ragkit("prompt", "list")
    assert done.code == 0
    assert "my-own  version 1 · 2 worked examples · prompts/my-own.toml\n" in done.out
    assert "2 worked examples in the set beginners (prompts/examples/beginners.toml)" in done.out
    form = ragkit("prompt", "show", QUESTION, "--strategy", "my-own", "--json").form
    assert form["examples"] == ["How tall is the lighthouse?", "How long should the dough rest?"]
    assert form["messages"][0]["content"].startswith("Answer in one simple sentence, ")
    assert "user: [1] (coast.pdf, p. 5) The lighthouse was painted red in 1922.\n" in form["text"]
    answer = ragkit("ask", QUESTION, "--strategy", "my-own", "--json").form
    assert answer["answer"].startswith(ANSWER)
    assert (answer["prompt"]["strategy"], answer["prompt"]["version"]) == ("my-own", 1)


def test_a_broken_file_is_listed_with_the_others(own_strategy, ragkit):
    path = own_strategy / "prompts" / "my-own.toml"
    path.write_text(path.read_text().replace("version = 1", "verson = 1"))
    done = ragkit("prompt", "list")
    assert (done.code, done.err) == (1, "")
    assert "✗ my-own  prompts/my-own.toml:2: unknown key 'verson'; known: " in done.out
    assert "next: did you mean 'version'?" in done.out
    assert "zero-shot  version" in done.out
    rows = {row["name"]: row for row in ragkit("prompt", "list", "--json").form["strategies"]}
    assert rows["my-own"]["error"].startswith("prompts/my-own.toml:2: unknown key 'verson'")
    assert (rows["my-own"]["version"], rows["my-own"]["built_in"]) == (None, False)
    assert rows["zero-shot"]["error"] is None
    assert ragkit("ask", QUESTION, "--quiet").code == 0
    refused = ragkit("ask", QUESTION, "--strategy", "my-own")
    assert_refused(refused, 1, "prompts/my-own.toml:2: unknown key 'verson'", step="'version'")


def test_broken_examples_are_told_with_file_and_line(own_strategy, ragkit):
    path = own_strategy / "prompts" / "examples" / "beginners.toml"
    path.write_text(path.read_text().replace("40 minutes [2]", "40 minutes [7]"))
    message = "prompts/examples/beginners.toml:12: the answer cites [7], but there are 2 sources"
    done = ragkit("prompt", "list")
    assert done.code == 1
    assert f"✗ my-own  {message}" in done.out
    assert f"✗ worked examples beginners  {message}" in done.out
    assert_refused(ragkit("ask", QUESTION, "--strategy", "my-own"), 1, message, step="mend")


def test_doctor_looks_at_prompts(own_strategy, ragkit, monkeypatch):
    def look():
        form = ragkit("doctor", "--json").form
        return next(check for check in form["checks"] if check["name"] == "prompts")

    assert look()["found"] == "6 strategies, 1 of your own; zero-shot by default"
    monkeypatch.setenv("RAGKIT_STRATEGY", "zero-shto")
    assert not look()["good"]
    monkeypatch.delenv("RAGKIT_STRATEGY")
    (own_strategy / "prompts" / "my-own.toml").write_text("name = ")
    assert look()["found"].startswith("prompts/my-own.toml:1: not valid TOML")


def test_examples_are_chosen_by_the_question(indexed, ragkit):
    def shown(question, *options):
        options = ("--strategy", "few-shot", "--json", *options)
        return ragkit("prompt", "show", question, *options).form["examples"]

    fixed = shown("How long should homework take?")
    assert shown("What does attention weigh?") == fixed
    nearest = shown("How long should homework take?", "--examples", "nearest")
    assert nearest[0] == fixed[0]
    assert nearest[-1] == "How long should the dough rest?"
    assert len(nearest) == len(fixed) == 4
    assert "stomata" in shown("What do pores do?", "--examples", "nearest")[-1]


def test_unknown_choice_of_examples(indexed, ragkit):
    for verb in ("ask", "prompt show"):
        done = ragkit(*verb.split(), QUESTION, "--examples", "near")
        assert_refused(done, 2, "unknown way to choose examples 'near'; known: fixed, nearest")


def test_what_a_prompt_costs(indexed, ragkit):
    done = ragkit("prompt", "show", QUESTION, "--strategy", "one-shot")
    form = ragkit("prompt", "show", QUESTION, "--strategy", "one-shot", "--json").form
    text, _, ledger = done.out.rpartition("\n\nassistant:\n\n")
    assert form["text"] == f"{text}\n\nassistant:"
    rows = [re.match(r" *(\d+) +(.+)", line) for line in ledger.splitlines()]
    costs = {row[2]: int(row[1]) for row in rows if row}
    assert costs["in all"] == form["tokens"]
    assert costs["1 worked example"] == form["ledger"]["examples"]
    assert costs["[1] notes.md"] == form["sources"][0]["tokens"]
    assert sum(source["tokens"] for source in form["sources"]) == costs["sources"]
    share = round(100 * form["tokens"] / 4096)
    assert done.out.endswith(f" of 4096 tokens of the context window ({share}%)\n")


def test_a_prompt_that_ask_would_not_send_is_told(indexed, ragkit):
    assert ragkit("prompt", "show", QUESTION).err == ""
    shown = ragkit("prompt", "show", UNANSWERABLE)
    assert UNANSWERABLE in shown.out
    assert shown.err.startswith("ask would abstain and send this to no model, unless with --raw: ")
    assert ragkit("prompt", "show", UNANSWERABLE, "--quiet").err == ""


def test_what_did_not_fit_is_named(indexed, ragkit):
    whole = ragkit("prompt", "show", QUESTION, "--json").form
    assert (len(whole["sources"]), whole["left_out"]) == (3, [])
    window = whole["tokens"] - 1 + 100 + 8
    options = ("--context-window", str(window), "--max-new-tokens", "100")
    shown = ragkit("prompt", "show", QUESTION, *options)
    form = ragkit("prompt", "show", QUESTION, *options, "--json").form
    assert form["dropped_sources"] == len(form["left_out"]) > 0
    for part in form["left_out"]:
        assert part["reason"] == f"does not fit into the {window - 108} tokens of a prompt"
        assert f" left out  [{part['id']}] {part['document']}" in shown.out
    asked = ragkit("ask", QUESTION, *options, "--json").form
    assert asked["prompt"]["left_out"] == form["left_out"]
