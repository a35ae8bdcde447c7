"""A summary in a model's words is checked section by section; what is not backed stays quoted."""

from itertools import product

import pytest

from ragkit.ask import AskOptions, Assistant
from ragkit.encoders import HashingEncoder
from ragkit.errors import UsageError
from ragkit.index import LocalIndex
from ragkit.llms import ScriptedLLM
from ragkit.models.ability import LEAST_SUMMARY_BYTES, word_summaries
from tests.small_project import run_process, write_project

PARTS = {
    "Counting": "A bigram model counts pairs of neighbouring words in a long text.",
    "Smoothing": "Smoothing gives some probability to pairs that were never seen before.",
    "Perplexity": "Perplexity tells how many words the model hesitates between on average.",
}
LECTURE = "# Words\n\n" + "".join(f"## {name}\n\n{text}\n\n" for name, text in PARTS.items())


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    project = tmp_path_factory.mktemp("words")
    names = ("".join(letters).title() for letters in product("abcdefg", repeat=3))
    long = " ".join(f"Somebody called {name} walks along the river." for name in names)
    write_project(project, {"week2-words.md": f"{LECTURE}## Long\n\n{long}\n"})
    assert run_process(project, "ingest").code == 0
    with LocalIndex(project / "indexes/default") as index:
        yield index


def summarise(index, rule, *, context_window=4096):
    llm = ScriptedLLM(rule, context_window=context_window)
    assistant = Assistant(index, HashingEncoder(), load_llm=lambda: llm)
    return assistant.ask("summarise week 2", AskOptions(word_summaries=True))


def test_what_a_section_backs_is_shown_under_its_heading(index):
    answer = summarise(index, "copy-first-source")
    said = {sentence.label: sentence for sentence in answer.sentences}
    assert list(said) == [*PARTS, "Long"]
    sources = {source.id: source for source in answer.sources}
    for name, text in PARTS.items():
        assert said[name].text == text
        (number,) = said[name].citations
        assert text in sources[number].hit.chunk.text
    assert answer.model.name == "scripted:copy-first-source"
    assert all(text.rstrip(".") in answer.completion.text for text in PARTS.values())


@pytest.mark.parametrize("rule", ["invent", "abstain", "say-nothing"])
def test_what_is_not_backed_stays_quoted(index, rule):
    answer = summarise(index, rule)
    assert answer.mode == "quoted"
    assert {sentence.text for sentence in answer.sentences} > set(PARTS.values())
    assert {sentence.support for sentence in answer.sentences} == {"quoted"}
    assert "Geneva" not in answer.text


def test_a_section_longer_than_the_context_fits(index):
    answer = summarise(index, "copy-first-source", context_window=400)
    assert [sentence.label for sentence in answer.sentences][-1] == "Long"


def test_no_model_is_asked_unless_wanted(index):
    assistant = Assistant(index, HashingEncoder(), load_llm=lambda: pytest.fail("was loaded"))
    assert assistant.ask("summarise week 2", AskOptions()).mode == "quoted"
    worded = AskOptions(word_summaries=True)
    assert assistant.ask("list the lectures", worded).completion is None
    assert assistant.ask("summarise week 5", worded).abstained


def test_large_models_word_summaries(tmp_path):
    small, large = tmp_path / "small.gguf", tmp_path / "large.gguf"
    small.write_bytes(b"GGUF")
    with large.open("wb") as file:
        file.truncate(LEAST_SUMMARY_BYTES)  # holds no blocks on the disk
    asked = {name: word_summaries("auto", str(name)) for name in (small, large)}
    assert asked == {small: False, large: True}
    assert word_summaries("auto", "http://localhost:8080/v1")
    assert not word_summaries("auto", "scripted:invent")
    assert not word_summaries("auto", "nowhere.gguf")
    assert word_summaries("worded", str(small))
    assert not word_summaries("quoted", str(large))
    with pytest.raises(UsageError, match="auto"):
        word_summaries("never", str(small))
