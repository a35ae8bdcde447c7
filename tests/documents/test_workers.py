"""Reading in worker processes: what they give, what they refuse, and that none is left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import fields, replace
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragkit.documents import FoundFile, ReadingLimits, find_documents, read_document, read_documents
from ragkit.documents.ocr import Ocr, advise_ocr
from ragkit.documents.workers.pool import _Pool, _worthwhile
from ragkit.documents.workers.wire import WireError, decode_document, encode_document
from ragkit.documents.workers.worker import Worker
from ragkit.errors import DocumentError
from ragkit.records import Block, Document, Page
from tests.documents.bombs import pdf_of, slow_pdf
from tests.documents.raw_pdf import joined, scan
from tests.test_architecture import HEAVY

CORPUS = Path(__file__).parents[2] / "corpus"
posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture
def folder(tmp_path):
    """Write files and find them: `folder({"a.md": "text"})`."""

    def write(files):
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (tmp_path / name).write_bytes(data)
        return find_documents(tmp_path).files

    return write


@pytest.fixture(autouse=True)
def no_worker_left():
    yield
    assert not psutil.Process().children(), "a worker outlived its reader"


def outcomes(files, **options):
    options = {"workers": 2, **options}
    return {result.file.name: result.outcome for result in read_documents(files, **options)}


def slow_text(megabytes):
    """Text that takes a second or more to read."""
    return "The exam is on Friday. Bring a pen.\n\n" * (megabytes * 27_000)


# --- what they give -------------------------------------------------------------------------------


def test_workers_read_what_a_direct_reading_reads():
    files = find_documents(CORPUS).files
    assert len(files) >= 10
    assert outcomes(files) == {
        file.name: read_document(file.path, name=file.name) for file in files
    }


def test_errors_are_those_of_a_direct_reading(folder):
    for file in (
        files := folder({"a.pdf": b"%PDF-1.7", "b.docx": "PK", "c.md": "", "d.ipynb": "[" * 9**5})
    ):
        with pytest.raises(DocumentError) as direct:
            read_document(file.path, name=file.name)
        (result,) = read_documents([file])
        assert isinstance(result.outcome, DocumentError)
        assert (result.outcome.message, result.outcome.hint) == (
            direct.value.message, direct.value.hint,
        )  # fmt: skip
    assert len(outcomes(files)) == 4


def test_results_come_in_the_order_of_the_files(folder):
    files = folder({f"{n:02}.md": slow_text(1) if n == 0 else f"# {n}" for n in range(30)})
    results = list(read_documents(files, workers=3))
    assert [result.file for result in results] == list(files)
    assert [result.outcome.text for result in results[1:]] == [str(n) for n in range(1, 30)]
    assert results[0].seconds > 0


def test_a_second_worker_is_started_where_it_is_worth_it(folder):
    small, large = folder({"a.md": "a", "b.md": "b"}), FoundFile(Path("c.pdf"), "c.pdf", 10**6, 0)
    assert _worthwhile(small) == 1
    assert _worthwhile([*small, large]) == min(2, os.cpu_count())


def test_no_files_start_no_process():
    assert list(read_documents([])) == []


def test_a_file_that_is_gone_is_one_failure(folder):
    files = folder({"a.md": "a", "b.md": "b", "c.md": "c"})
    files[1].path.unlink()
    found = outcomes(files)
    assert found["b.md"].message == "b.md does not exist"
    assert found["c.md"].text == "c"


def test_names_that_are_not_text_reach_the_file(tmp_path):
    """Nobody shows such a name, but a folder above the corpus may have one."""
    above = tmp_path / os.fsdecode(b"caf\xe9")
    try:
        above.mkdir()
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (above / "a.md").write_text("text")
    assert outcomes(find_documents(above).files)["a.md"].text == "text"


def test_they_read_ahead_but_not_far(folder):
    files = folder({f"{n:02}.md": "a" for n in range(50)})
    pool = _Pool(files, None, lambda: Worker(ReadingLimits()))
    pool.start(1)
    try:
        pool.take(0)
        pool.take(1)
        deadline = time.monotonic() + 20
        while len(pool._results) < 4 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.2)
        assert sorted(pool._results) == [2, 3, 4, 5]
    finally:
        pool.close()


# --- what they refuse -----------------------------------------------------------------------------


def test_a_file_that_takes_too_long(folder):
    files = folder({"a.md": "quick", "b.pdf": slow_pdf(), "c.md": "quick too"})
    found = outcomes(files, limits=ReadingLimits(timeout_s=0.8))
    assert found["b.pdf"].message == "b.pdf took longer than 1 s to read"
    assert "reading_timeout_s" in found["b.pdf"].hint
    assert (found["a.md"].text, found["c.md"].text) == ("quick", "quick too")


def test_the_time_for_pictures_is_not_for_others(folder):
    """Mended: with OCR on, a file without a picture might take a quarter of an hour."""
    files = folder({"b.pdf": slow_pdf()})
    found = outcomes(files, limits=ReadingLimits(timeout_s=0.8), ocr=Ocr())
    assert found["b.pdf"].message == "b.pdf took longer than 1 s to read"


@pytest.mark.skipif(bool(advise_ocr(asked=True)), reason="no tesseract or no extra ocr")
def test_pictures_get_time_of_their_own(folder):
    files = folder({"scan.pdf": joined(*[scan("Light is bent\nby every lens.")] * 4)})
    found = outcomes(files, limits=ReadingLimits(timeout_s=2), ocr=Ocr())
    assert found["scan.pdf"].warnings[0].startswith("4 of 4 pages were read by OCR")


def test_a_file_that_needs_too_much_memory(folder):
    files = folder({"a.md": "small", "b.txt": slow_text(12), "c.md": "small too"})
    found = outcomes(files, limits=ReadingLimits(memory_bytes=48 << 20))
    assert found["b.txt"].message == "b.txt needed more than 48 MiB of memory to read"
    assert "reading_memory_mb" in found["b.txt"].hint
    assert (found["a.md"].text, found["c.md"].text) == ("small", "small too")


def test_a_page_that_needs_too_much_memory_is_not_taken_for_a_broken_one(folder):
    files = folder({"a.pdf": pdf_of(b"BT (word) Tj ET\n" * 3_000_000)})
    found = outcomes(files, limits=ReadingLimits(memory_bytes=150 << 20))
    assert found["a.pdf"].message == "a.pdf needed more than 150 MiB of memory to read"


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"file_bytes": 10}, "b.md is too large: 2,000 bytes; the most are 10"),
        ({"text_characters": 900}, "b.md holds too much text: 1,999 characters in 667 blocks"),
        ({"blocks": 600}, "b.md holds too much text: 1,999 characters in 667 blocks"),
    ],
)
def test_a_file_that_is_too_large(folder, limits, message):
    files = folder({"a.md": "small", "b.md": "a\n\n" * 666 + "a\n"})
    found = outcomes(files, limits=ReadingLimits(**limits))
    assert found["b.md"].message.startswith(message)
    assert found["a.md"].text == "small"


@posix
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_a_reader_that_crashes_costs_its_file_only(folder, number):
    files = folder({"a.pdf": slow_pdf(), "b.md": "next"})
    results = read_documents(files, workers=1)
    ended = []

    def end_the_worker():
        while not (children := psutil.Process().children()) or children[0].cpu_times().user < 0.5:
            time.sleep(0.01)
        children[0].send_signal(number)
        ended.append(number)

    thread = threading.Thread(target=end_the_worker)
    thread.start()
    first, second = results
    thread.join()
    assert ended == [number]
    assert first.outcome.message == (
        f"a.pdf cannot be read: the reader crashed (signal {int(number)})"
    )
    assert second.outcome.text == "next"


def test_a_worker_that_ends_while_idle_costs_nothing(folder):
    files = folder({f"{n:02}.md": f"text {n}" for n in range(20)})
    results = read_documents(files, workers=1)
    first = next(results)
    time.sleep(0.3)
    for child in psutil.Process().children():
        child.kill()
    rest = list(results)
    assert [r.outcome.text for r in (first, *rest)] == [f"text {n}" for n in range(20)]


# --- what they leave behind -----------------------------------------------------------------------


def test_a_reader_that_stops_early_leaves_no_process(folder):
    results = read_documents(folder({f"{n}.md": "a" for n in range(50)}))
    next(results)
    assert psutil.Process().children()
    results.close()  # and the fixture looks again


READ_SLOWLY = """
import signal, sys
from pathlib import Path
import psutil
from ragkit.documents import find_documents, read_documents
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
results = read_documents(find_documents(Path(sys.argv[1])).files, workers=2)
next(results)
print(*[child.pid for child in psutil.Process().children()], flush=True)
for result in results:
    pass
"""


@posix
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_parent_that_ends_takes_its_workers_along(folder, tmp_path, number):
    folder({"a.md": "quick", "b.pdf": slow_pdf(), "c.pdf": slow_pdf()})
    parent = subprocess.Popen(
        [sys.executable, "-c", READ_SLOWLY, tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        process_group=0,
        text=True,
    )
    with parent:
        workers = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(workers) == 2
        time.sleep(0.3)  # both are in the middle of a file
        start = time.monotonic()
        os.killpg(parent.pid, number)  # as the terminal does with Ctrl-C
        _, errors = parent.communicate(timeout=20)
    while any(map(is_running, workers)):
        assert time.monotonic() - start < 10, "a worker outlived its parent"
        time.sleep(0.01)
    assert errors.count("Traceback") == (number == signal.SIGINT), errors  # the parent's own


def is_running(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_worker_is_light():
    code = (
        "import sys; import ragkit.documents.workers.child;"
        f"print(sorted({HEAVY | {'psutil'}!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.strip() == "[]"


# --- what passes between --------------------------------------------------------------------------

DOCUMENT = Document(
    path="week 1/a.md",
    format="md",
    title="Tokens — 𝔘",
    text="Tokens\n\nWords “and” numbers.",
    sha256="ab" * 32,
    pages=(Page(1, "iv", 0, 28),),
    blocks=(Block("heading", 0, 6), Block("paragraph", 8, 28, ("Tokens",))),
    warnings=("1 of 1 pages is short",),
    language="en",
    metadata={"week": "1"},
)


def test_a_document_crosses_whole():
    for field in fields(Document):
        assert getattr(DOCUMENT, field.name), f"say in DOCUMENT what {field.name} is"
    assert decode_document(encode_document(DOCUMENT)) == DOCUMENT


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", None),
        ("text", "\ud800"),
        ("title", ["x"]),
        ("sha256", "../../etc/passwd"),
        ("pages", [[1, "iv", 0, 29]]),
        ("pages", [[1, "iv", 9, 8]]),
        ("pages", [[1, "iv", 0]]),
        ("pages", [[True, "iv", 0, 1]]),
        ("blocks", [[0, -1, 6, 0]]),
        ("blocks", [[99, 0, 6, 0]]),
        ("blocks", [[-1, 0, 6, 0]]),
        ("blocks", [[0, 0, 6, -1]]),
        ("blocks", [[0, 0, 6, 2]]),
        ("blocks", [[0, 0.0, 6, 0]]),
        ("headings", [[-1]]),
        ("headings", [["0"]]),
        ("warnings", "all is well"),
        ("language", 7),
        ("metadata", {"week": 1}),
    ],
)
def test_nonsense_from_a_worker_is_no_document(field, value):
    form = encode_document(DOCUMENT)
    assert field in form
    with pytest.raises(WireError):
        decode_document({**form, field: value})
    del form[field]
    with pytest.raises(WireError):
        decode_document(form)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(encode_document(DOCUMENT))), json_values)
def test_any_json_from_a_worker_is_a_document_or_nonsense(field, value):
    try:
        document = decode_document({**encode_document(DOCUMENT), field: value})
    except WireError:
        return
    for block in document.blocks:
        assert 0 <= block.start <= block.end <= len(document.text)
    document.title.encode()


def test_many_blocks_below_long_headings_stay_small():
    heading = tuple("x" * 1000 + str(level) for level in range(6))
    blocks = tuple(Block("paragraph", n, n + 1, heading) for n in range(10_000))
    document = replace(DOCUMENT, text="a" * 10_001, blocks=blocks, pages=())
    form = encode_document(document)
    assert len(str(form)) < 400_000
    assert decode_document(form) == document


def test_a_found_file_needs_no_folder(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("alone")
    (result,) = read_documents([FoundFile(path, "named/otherwise.md", 5, 0)])
    assert (result.outcome.path, result.outcome.text) == ("named/otherwise.md", "alone")
