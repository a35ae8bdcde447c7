import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragkit.documents import READERS, read_document, supported_suffixes
from ragkit.errors import DocumentError
from tests.documents.looking import assert_well_formed


def test_name_format_and_hash_are_recorded(read):
    document = read("notes/Week1.MD", "# Hello\n\nText.")
    assert document.path == "notes/Week1.MD"
    assert document.format == "md"
    # sha256sum of the same 14 bytes
    assert document.sha256 == "bb7c369105e01a89016bca9065287f4f6c5b38fa8ec973503b813d418685aa01"


def test_an_unsupported_type_lists_the_supported_ones(read):
    with pytest.raises(DocumentError, match=r"film\.mp4 has an unsupported type") as caught:
        read("film.mp4", b"\0\0")
    assert all(suffix in caught.value.message for suffix in supported_suffixes())


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_an_empty_file_says_so(read, suffix):
    with pytest.raises(DocumentError, match="is empty"):
        read(f"x{suffix}", b" \n")


def test_a_binary_file_with_a_text_suffix_says_so(read):
    with pytest.raises(DocumentError, match="it is not text"):
        read("x.txt", b"\x7fELF\0\0\0\1\2\3\0\0")


def test_text_of_nothing_but_white_space_says_so(read):
    with pytest.raises(DocumentError, match="has no text"):
        read("x.md", "\u200b\u00ad")


def test_what_is_no_regular_file_says_so(tmp_path):
    (tmp_path / "folder.pdf").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("folder.pdf", "pipe.txt"):
        with pytest.raises(DocumentError, match="not a regular file"):
            read_document(tmp_path / name, name=name)
    with pytest.raises(DocumentError, match="does not exist"):
        read_document(tmp_path / "none.txt", name="none.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(DocumentError, match="not allowed to read"):
        read_document(path, name="secret.txt")


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    suffix=st.sampled_from(sorted(READERS)),
    head=st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"{", b"<html>", b"---\n", b"# "]),
    rest=st.binary(max_size=200),
)
def test_no_bytes_end_in_a_traceback(read, suffix, head, rest):
    try:
        document = read(f"x{suffix}", head + rest)
    except DocumentError as error:
        assert "\n" not in error.message  # noqa: PT017
        assert error.hint  # noqa: PT017
    else:
        assert_well_formed(document)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([".md", ".html", ".txt", ".rst"]),
    st.lists(st.sampled_from([
        "# ", "- ", "1. ", "|a|b|\n|-|-|\n", "```", "<ul><li>", "<table><tr><td>", "</li>", "<br>",
        "$x_1$", "word ", "\n", "\n\n", "    ", "====", "Q: ", "<pre>", "**b**", "é", "&amp;",
        "\x1b[1m", "[a](b)", "> ", "<!-- ", "-->", "---\n",
    ]), max_size=25).map("".join),
)  # fmt: skip
def test_any_markup_gives_a_well_formed_document(tmp_path_factory, suffix, source):
    path = tmp_path_factory.mktemp("any") / f"x{suffix}"
    path.write_text(source)
    try:
        document = read_document(path, name=path.name)
    except DocumentError:
        return
    assert_well_formed(document)
