"""A project held open: searched, asked and filled from Python, from many threads."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

import ragkit
from ragkit.project.events import stream_answer
from tests.small_project import ANSWER, COURSE, QUESTION, UNANSWERABLE, write_project

TINY = {"encoder": "hashing", "model": "scripted:copy-first-source"}
QUESTIONS = (QUESTION, "When is homework due?", "What does attention weigh?", UNANSWERABLE)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = write_project(tmp_path_factory.mktemp("template") / "my-course")
    with ragkit.open_project(folder, **TINY) as course:
        report = course.ingest()
    assert (sorted(report.new), report.failed) == (sorted(COURSE), ())
    return folder


@pytest.fixture
def folder(template, tmp_path):
    return shutil.copytree(template, tmp_path / "my-course")


@pytest.fixture
def course(folder):
    with ragkit.open_project(folder, **TINY) as course:
        yield course


def paths_of(course):
    return [document.path for document in course.documents()]


def same(answer):
    """Return an answer without what differs from run to run."""
    completion = answer.completion and replace(answer.completion, first_token_s=0, generate_s=0)
    return replace(answer, timings_s={}, completion=completion)


# --- what it does ---------------------------------------------------------------------------------


def test_search(course):
    best, *others = course.search("dropout rate", top_n=2)
    assert (best.chunk.document, best.rank, len(others)) == ("notes.md", 1, 1)
    within = ragkit.DocumentFilter(formats=("html",))
    assert {hit.chunk.document for hit in course.search("dropout", within=within)} == {
        "week1/lecture.html"
    }


def test_ask(course):
    answer = course.ask(QUESTION)
    assert answer.text.startswith(ANSWER)
    assert answer.sentences[0].citations == (1,)
    assert not answer.abstained
    assert course.ask(UNANSWERABLE).abstained
    form = ragkit.answer_form(answer)
    assert (form["answer"], form["sources"][0]["document"]) == (answer.text, "notes.md")


def test_options_of_one_question(course):
    options = replace(course.options, min_sufficiency=1.0)
    assert course.ask(QUESTION, options=options).abstained
    assert not course.ask(QUESTION).abstained
    within = ragkit.DocumentFilter(under=("week1",))
    documents = {s.hit.chunk.document for s in course.ask(QUESTION, within=within).sources}
    assert documents <= {"week1/lecture.html", "week1/syllabus.txt"}
    options = replace(course.options, within=within)
    assert course.ask(QUESTION, options=options).within == within


def test_a_stream_tells_the_completion_and_what_is_checked(course):
    *events, answer = course.stream(QUESTION)
    pieces = [event.text for event in events if isinstance(event, ragkit.CompletionPiece)]
    sentences = [event for event in events if isinstance(event, ragkit.AnswerSentence)]
    assert len(pieces) + len(sentences) == len(events)
    assert len(pieces) > 3
    assert "".join(pieces) == answer.completion.text
    assert [s.text for s in sentences] == [s.text for s in answer.sentences[: len(sentences)]]
    assert events.index(sentences[0]) < len(events) - 2  # while the model goes on
    assert same(answer) == same(course.ask(QUESTION))


def test_a_stream_raises_what_ask_raises(course):
    with pytest.raises(ragkit.UsageError, match="empty"):
        list(course.stream(" "))


def test_a_listener_may_ask_something_else_in_between(course):
    events = course.stream(QUESTION)
    next(events)
    assert course.search("homework")
    *_, answer = events
    assert answer.text.startswith(ANSWER)


def test_a_stream_that_nobody_hears_ends_its_completion():
    """The thread that asks goes on until it is told so by its listener, and is not waited for."""
    closed, wanted = threading.Event(), []

    def ask(tell):
        wanted.append(not tell("first"))
        assert closed.wait(timeout=10)
        wanted.append(not tell("second"))
        raise ragkit.UsageError("nobody gets this")

    events = stream_answer(ask)
    assert next(events) == "first"
    events.close()
    closed.set()
    for thread in threading.enumerate():
        if thread.name == "ragkit-answer":
            thread.join(timeout=10)
    assert wanted == [True, False]


# --- what changes meanwhile -----------------------------------------------------------------------


def test_what_another_ingest_adds_is_found(course, folder):
    assert course.search("zebras")[0].chunk.document != "zoo.md"
    (folder / "corpus/zoo.md").write_text("Zebras have stripes.")
    with ragkit.open_project(folder, **TINY) as other:
        assert other.ingest().new == ("zoo.md",)
    assert course.search("zebras")[0].chunk.document == "zoo.md"


def test_its_own_ingest_is_found(course, folder):
    assert len(paths_of(course)) == 3
    (folder / "corpus/notes.md").unlink()
    assert course.ingest(prune=True).removed == ("notes.md",)
    assert paths_of(course) == ["week1/lecture.html", "week1/syllabus.txt"]


@pytest.mark.skipif("sys.platform == 'win32'", reason="open files stay there")
def test_an_index_that_was_made_anew_is_found(course, folder):
    assert len(paths_of(course)) == 3
    shutil.rmtree(folder / "indexes")
    with pytest.raises(ragkit.UnusableIndexError, match="no index 'default'"):
        course.search("dropout")
    (folder / "corpus/notes.md").unlink()
    with ragkit.open_project(folder, **TINY) as other:
        other.ingest()
    assert "notes.md" not in paths_of(course)


def test_settings_change_from_the_next_call_on(course):
    assert course.ask(QUESTION).mode == "generated"
    course.use(model="scripted:invent", top_n=1)
    answer = course.ask(QUESTION)
    assert (answer.mode, answer.model.name) == ("quoted", "scripted:invent")
    assert len(course.search("a")) == 1


def test_a_model_that_does_not_open_changes_nothing(course):
    before = course.settings
    for wrong in ({"model": "nowhere.gguf"}, {"model": "scripted:lie"}, {"top_n": 0}, {"top": 1}):
        with pytest.raises(ragkit.RagkitError):
            course.use(**wrong)
        assert course.settings == before
    assert course.ask(QUESTION).text.startswith(ANSWER)


# --- what goes wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"modle": "x"}, "unknown setting in the call 'modle'"),
        ({"top_n": 0}, r"top_n must be between 1 and 1000, not 0 \(in the call\)"),
        ({"model": 3}, "model must be str, not 3"),
    ],
)
def test_a_wrong_setting_is_told_at_once(folder, settings, message):
    with pytest.raises(ragkit.UsageError, match=message):
        ragkit.open_project(folder, **settings)


def test_wrong_calls(course, tmp_path):
    with pytest.raises(ragkit.UsageError, match="not a folder"):
        ragkit.open_project(tmp_path / "nowhere")
    with pytest.raises(ragkit.UsageError, match="query is empty"):
        course.search("")
    with pytest.raises(ragkit.UsageError, match="top_n must be between"):
        course.search("dropout", top_n=0)
    with pytest.raises(ragkit.NothingMatchesError):
        course.ask(QUESTION, within=ragkit.DocumentFilter(formats=("pdf",)))
    with pytest.raises(ragkit.StorageError):
        course.ingest(tmp_path / "nowhere")


def test_a_closed_project_says_so(folder):
    with ragkit.open_project(folder, **TINY) as course:
        course.ask(QUESTION)
    for call in (lambda: course.search("a"), lambda: course.ask("a"), course.ingest, course.use):
        with pytest.raises(ragkit.UsageError, match="is closed"):
            call()
    course.close()  # again


# --- threads --------------------------------------------------------------------------------------


def run_all(courses):
    """Ask and search from 8 threads at once; return what each question got, over all calls."""
    calls = [(course, question) for question in QUESTIONS for course in courses * 4]

    def work(call):
        course, question = call
        *_, streamed = course.stream(question)
        return question, course.search(question), same(course.ask(question)), same(streamed)

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(work, calls))


@pytest.mark.parametrize("copies", [1, 2])
def test_threads_get_what_one_thread_gets(folder, copies):
    courses = [ragkit.open_project(folder, **TINY) for _ in range(copies)]
    try:
        expected = {q: (courses[0].search(q), same(courses[0].ask(q))) for q in QUESTIONS}
        for question, hits, answer, streamed in run_all(courses):
            assert (hits, answer) == expected[question]
            assert streamed == answer
    finally:
        for course in courses:
            course.close()


def test_a_thread_may_close_what_another_opened(folder):
    course = ragkit.open_project(folder, **TINY)
    assert course.ask(QUESTION).text.startswith(ANSWER)
    thread = threading.Thread(target=course.close)
    thread.start()
    thread.join()
    with pytest.raises(ragkit.UsageError, match="is closed"):
        course.ask(QUESTION)


@pytest.mark.model
def test_threads_share_the_real_model(folder):
    """The words are those that one thread gets."""
    with ragkit.open_project(folder, encoder="hashing", max_new_tokens=24) as course:
        questions = QUESTIONS[:2]
        expected = [same(course.ask(question)) for question in questions]
        assert expected[0].completion
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda question: same(course.ask(question)), questions * 2))
    assert found == expected * 2
