"""The readers that come with ragkit: whole, described, used where they fit, and able to read."""

import re
from pathlib import Path

import numpy as np
import pytest

from ragkit.errors import ModelError, UsageError
from ragkit.files import sha256_of
from ragkit.models import load_readers, open_reader, shipped_reader
from ragkit.models.verification import verify_all_of
from ragkit.readers import OnnxReader
from ragkit.records import Passage
from tests.small_project import QUESTION, run_ragkit, write_project

ROOT = Path(__file__).parents[2]
ENCODER = "all-MiniLM-L6-v2"
MOST_BYTES = 20_000_000
COURSE = Passage(
    "The final examination takes 90 minutes. It counts 35% of the grade. No books are allowed,"
    " but Dr. Okafor permits one sheet of notes in the midterm.",
    heading="Syllabus > Assessment",
)

readers = pytest.mark.parametrize("entry", load_readers(), ids=lambda entry: entry.name)


def test_the_bundled_encoder_has_one():
    assert shipped_reader(ENCODER) is shipped_reader(ENCODER.lower()) is not None


@readers
def test_the_shipped_file_is_the_one_that_catalogue_and_card_describe(entry):
    assert sha256_of(entry.path) == entry.sha256
    assert entry.path.stat().st_size == entry.size_bytes <= MOST_BYTES
    card = (ROOT / "ragkit/models" / entry.card).read_text("utf-8")
    facts = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", card, re.MULTILINE))
    assert facts["file"] == f"`{entry.path.name}`"
    assert facts["sha256"] == f"`{entry.sha256}`"
    assert facts["size"] == f"{entry.size_bytes:,} bytes"
    assert facts["licence"] == entry.licence
    assert entry.encoder in facts["made for"]
    parts = re.split(r"^## (.+)$", card, flags=re.MULTILINE)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert list(told) == [
        "What it is", "Data and licences", "Recipe", "Numbers", "Limits", "How to make it again",
    ]  # fmt: skip
    assert [title for title, text in told.items() if len(text.split()) < 20] == []


@pytest.fixture(scope="module")
def reader(cache_dir):
    return open_reader("auto", encoder=ENCODER, cache_dir=cache_dir)


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How long is the final exam?", "90 minutes"),
        ("what share of the grade is the final", "35%"),
        ("Who allows a page of notes?", "Okafor"),
    ],
)
def test_it_finds_the_words_that_answer(reader, question, answer):
    (reading,) = reader.read(question, [COURSE])
    found = reading.best_within(0, len(COURSE.text))
    assert answer in COURSE.text[found.start : found.end]
    assert found.score > 0


@pytest.mark.model
def test_it_is_surer_of_what_is_there_than_of_what_is_not(reader):
    def score(question):
        (reading,) = reader.read(question, [COURSE])
        return reading.best_within(0, len(COURSE.text)).score

    assert score("How long does the final examination take?") > score("When was Ada born?")
    assert score("When was Ada born?") < 0


@pytest.mark.model
def test_a_passage_reads_the_same_whatever_is_read_beside_it(reader):
    passages = [COURSE, Passage("Padding is masked."), Passage("", "Empty"), Passage("x " * 900)]
    question = "How long is the final exam?"
    together = reader.read(question, passages)
    for passage, reading in zip(passages, together, strict=True):
        (alone,) = reader.read(question, [passage])
        assert len(alone.windows) == len(reading.windows)
        for one, other in zip(alone.windows, reading.windows, strict=True):
            assert one.spans == other.spans
            assert np.array_equal(one.starts, other.starts)
            assert np.array_equal(one.ends, other.ends)
            assert one.nothing == other.nothing
    assert reader.read(question, []) == ()


@pytest.mark.model
@pytest.mark.parametrize(
    "question", ["", "?" * 5000, "Wie lange? 何分ですか。 ما", "[SEP] [MASK] [CLS]"]
)
@pytest.mark.parametrize(
    "text", ["", "\u200b", "試験は九十分です。", "a[SEP]b [CLS]", "\U0001f600" * 500]
)
def test_any_text_can_be_read(reader, question, text):
    (reading,) = reader.read(question, [Passage(text, heading=text)])
    found = reading.best_within(0, len(text))
    if found:
        assert 0 <= found.start < found.end <= len(text)
        assert np.isfinite(found.score)


def test_another_value_of_the_setting_is_refused(tmp_path, capfd):
    project = write_project(tmp_path / "project")
    run_ragkit(capfd, "ingest", "--encoder", "hashing", "--project", project)
    ask = ("ask", QUESTION, "--encoder", "hashing", "--reader", "big", "--project", project)
    done = run_ragkit(capfd, *ask)
    assert done.code == 2
    assert "known: auto, none" in done.err


def test_no_other_encoder_gets_one(cache_dir):
    assert shipped_reader("hashing") is None
    assert shipped_reader("multilingual-MiniLM-L12-v2") is None
    assert open_reader("auto", encoder="/tmp/mine", cache_dir=cache_dir) is None
    assert open_reader("none", encoder=ENCODER, cache_dir=cache_dir) is None
    with pytest.raises(UsageError, match="reader 'big'; known: auto, none"):
        open_reader("big", encoder=ENCODER, cache_dir=cache_dir)


@readers
def test_it_is_verified_with_its_encoder_and_by_itself(entry, cache_dir):
    names = [one.name for one in verify_all_of(entry.encoder, cache_dir=cache_dir)]
    assert names == [entry.encoder, entry.name]
    (alone,) = verify_all_of(entry.name, cache_dir=cache_dir)
    assert (alone.name, alone.state, alone.path) == (entry.name, "whole", str(entry.path))


@pytest.mark.model
def test_a_damaged_graph_is_one_clear_error(tmp_path, minilm_folder):
    path = tmp_path / "reader.onnx"
    path.write_bytes(b"no graph")
    with pytest.raises(ModelError) as raised:
        OnnxReader(path, minilm_folder, name="reader").read("What?", [COURSE])
    assert str(path) in raised.value.message
    assert "--reader none" in raised.value.hint


@pytest.mark.model
def test_it_is_used_by_default_and_told(tmp_path, capfd):
    project = write_project(tmp_path / "project")

    def ragkit(*arguments):
        return run_ragkit(capfd, *arguments, "--project", project)

    assert ragkit("ingest").code == 0
    ask = ("ask", QUESTION, "--model", "scripted:copy-first-source")
    read, without = ragkit(*ask, "--json").form, ragkit(*ask, "--json", "--reader", "none").form
    (entry,) = load_readers()
    assert read["reader"] == {"name": entry.name, "sha256": entry.sha256}
    assert without["reader"] is None
    assert "answer" in read["sufficiency"]["features"]
    assert "answer" not in without["sufficiency"]["features"]
    assert "how surely the reader finds an answer" in ragkit(*ask, "--explain").out
    checks = {one["name"]: one for one in ragkit("doctor", "--json").form["checks"]}
    assert checks["reader"]["good"]
    assert checks["reader"]["found"].startswith(f"{entry.name}, ")
    listed = " ".join(ragkit("models", "list").out.split())
    assert f"{entry.name} is the reader of {ENCODER}, used by default." in listed
