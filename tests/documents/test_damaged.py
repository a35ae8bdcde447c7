"""Real files with bytes lost or changed: one clear line or some text, never more, and at once."""

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragkit.documents import read_document
from ragkit.errors import DocumentError
from tests.documents import (
    test_epub,
    test_latex,
    test_mdx,
    test_opendocument,
    test_restructured,
    test_rtf,
    test_subtitles,
)
from tests.documents.archives_made import make_epub, make_opendocument
from tests.documents.looking import assert_well_formed

_SLOW_S = 2.0
"""Of the processor, whatever else the machine does; every file here takes far less."""


WHOLE: dict[str, Callable[[], bytes]] = {
    ".csv": lambda: b'Part,"Weight, at most"\nExam,"60\n%"\n',
    ".epub": lambda: make_epub({"one.xhtml": "<h1>One</h1><p>Text.</p>"}, nav=test_epub.NAV),
    ".ipynb": lambda: b'{"cells": [{"cell_type": "markdown", "source": ["# A\\n", "b"]}]}',
    ".mdx": test_mdx.SOURCE.encode,
    ".odp": lambda: make_opendocument(test_opendocument.SLIDES),
    ".odt": lambda: make_opendocument(test_opendocument.TEXT, styles=test_opendocument.STYLES),
    ".rst": test_restructured.SOURCE.encode,
    ".rtf": test_rtf.rtf(r"\pard\s1 One\par\intbl a\cell\row\pard\'e9\u960?\par").encode,
    ".srt": test_subtitles.SPOKEN.encode,
    ".tex": test_latex.ARTICLE.encode,
    ".vtt": test_subtitles.SPOKEN.encode,
}


def read_or_refuse(path, data):
    path.write_bytes(data)
    before = time.process_time()
    try:
        assert_well_formed(read_document(path, name=path.name))
    except DocumentError as error:
        assert "\n" not in error.message  # noqa: PT017
        assert error.hint  # noqa: PT017
    assert time.process_time() - before < _SLOW_S


@pytest.mark.parametrize("suffix", sorted(WHOLE))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_file_ends_in_text_or_in_one_line(tmp_path, suffix, data):
    whole = WHOLE[suffix]()
    place = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 40))
    other = data.draw(st.binary(max_size=20))
    kept = whole[place + length :] if data.draw(st.booleans()) else b""
    read_or_refuse(tmp_path / f"x{suffix}", whole[:place] + other + kept)


PATHOLOGICAL = {
    ".csv": [b'"' * 500_001, b"a," * 200_000, b"a\n" * 100_000, b'"\n' * 50_001],
    ".mdx": [b"- [a](#a)\n" * 3_000, b"- " * 500, b"> [!A]\n" * 3_000, b":a:`" * 20_000],
    ".tex": [
        b"\\newcommand{\\a}{\\a\\a}\\a",
        b"".join(
            b"\\newcommand{\\%c}{\\%c\\%c}" % (n, n + 1, n + 1) for n in b"abcdefghijklmnopqrstuvw"
        )
        + b"\\newcommand{\\x}{word }\\a",
        b"{" * 200_000,
        b"\\[" * 100_000,
        b"$" * 100_001,
        b"\\x[" * 100_000,
        b"\\verb|" * 50_000,
        b"\\begin{equation}" * 20_000,
        b"\\begin{itemize}\\item" * 20_000,
        b"\\footnote{" * 20_000 + b"}" * 20_000,
        b"\\section{" * 20_000 + b"}" * 20_000,
        b"\\begin{tabular}" * 20_000,
        b"\\newcommand{\\a}[1]{#1" * 20_000,
    ],
    ".rtf": [
        b"{\\rtf1" + b"{" * 300_000,
        b"{\\rtf1" + b"\\u960" * 100_000,
        b"{\\rtf1" + b"{\\listtext{\\*\\shptxt" * 30_000,
        b"{\\rtf1\\bin99999999999 x}",
        b"{\\rtf1\\trowd" + b"\\cell" * 100_000 + b"\\row",
    ],
    ".rst": [
        b"*a " * 1_500,
        b"`a" * 4_000,
        b":a:`" * 2_000,
        b"|a" * 4_000,
        b"* " * 1_000 + b"x",
        b"=\n" * 4_000,
        b".. a::\n" * 5_000,
        b"(((((" * 2_000,
        b"+-" * 3_000 + b"+\n" + b"| " * 3_000,
    ],
    ".srt": [
        b"00:00:01,000 --> 00:00:02,000\n" * 20_000,
        b"00:00:01,000 --> 00:00:02,000\n" + b"<c " * 100_000,
        b"00:00:01,000 --> 00:00:02,000\n<v" + b" " * 100_000 + b"x",
        b"00:00:01,000 --> 00:00:02,000\n" + b"A. " * 50_000,
        b"00:00:01,000 --> 00:00:02,000\n" + b"(" * 100_000 + b"x",
    ],
}


@pytest.mark.parametrize(
    ("suffix", "source"),
    [(suffix, source) for suffix, sources in PATHOLOGICAL.items() for source in sources],
    ids=lambda value: value if isinstance(value, str) else str(len(value)),
)
def test_pathological_files_take_a_moment(tmp_path, suffix, source):
    read_or_refuse(tmp_path / f"x{suffix}", source)
