"""The door into zip-based formats: bombs, tricks and encryption end in one clear line."""

import io
import struct
import warnings
import zipfile

import docx
import pptx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ragkit.documents.archives import open_archive
from ragkit.documents.draft import RawFile
from ragkit.documents.xml import parse_xml
from ragkit.errors import DocumentError
from tests.documents.bombs import zip_of

KIND = "a Word document"
FILE = RawFile("x.docx", b"")


def opened(members, name="x.docx", **options):
    data = members if isinstance(members, bytes) else zip_of(members, **options)
    return open_archive(RawFile(name, data), KIND)


def refused(members, name="x.docx", **options):
    """Return message and hint of the refusal."""
    with pytest.raises(DocumentError) as caught:
        opened(members, name, **options)
    assert "\n" not in caught.value.message
    return caught.value.message, caught.value.hint


# --- what is fine ---------------------------------------------------------------------------------


def test_members_are_read_by_name():
    archive = opened({"mimetype": b"text", "a/b.xml": b"<a>1</a>", "a/": b""})
    assert archive.names == ("mimetype", "a/b.xml")
    assert ("a/b.xml" in archive, "a/c.xml" in archive, "a/" in archive) == (True, False, False)
    assert archive.read("mimetype") == b"text"
    assert archive.read_xml("a/b.xml").text == "1"


@pytest.mark.parametrize("library", [docx.Document, pptx.Presentation])
def test_what_programs_save_is_fine(library):
    buffer = io.BytesIO()
    library().save(buffer)
    assert len(opened(buffer.getvalue()).names) > 5


def test_a_missing_or_damaged_member_is_one_clear_line():
    with pytest.raises(DocumentError, match=r"x\.docx is broken: .*\(b\.xml is missing\)"):
        opened({"a.xml": b""}).read("b.xml")
    with pytest.raises(DocumentError, match=r"x\.docx is broken: its XML cannot be read"):
        opened({"a.xml": b"<a><b></a>"}).read_xml("a.xml")
    data = zip_of({"a.xml": b"<a>word</a>"}, method=zipfile.ZIP_STORED)
    with pytest.raises(DocumentError, match="Bad CRC-32"):
        opened(data.replace(b"word", b"ward")).read("a.xml")


# --- bombs ----------------------------------------------------------------------------------------


def test_a_bomb_is_refused_before_it_is_lit():
    message, hint = refused({"word/document.xml": b" " * 150_000_000})
    assert message == "x.docx would unpack from 0.15 MB to 150 MB"
    assert ".ragkitignore" in hint


def test_many_small_members_may_be_a_bomb_too():
    members = {f"{n}.xml": b" " * 1_000_000 for n in range(150)}
    assert refused(members)[0].endswith(" to 150 MB")


def test_members_that_overlap_are_refused():
    """Fifield 2019, "A better zip bomb": many names for the same packed bytes."""
    data = zip_of({"a.xml": bytes(range(256)) * 8, "b.xml": b"b"}, method=zipfile.ZIP_STORED)
    first, second = (data.index(b"PK\x01\x02"), data.rindex(b"PK\x01\x02"))
    copied = data[first + 10 : first + 28]  # from method to sizes
    fake = data[: second + 10] + copied + data[second + 28 : second + 42]
    fake += struct.pack("<L", 0) + data[second + 46 :]
    assert "overlap" in refused(fake)[0]


def test_a_member_that_is_larger_than_it_says_is_cut_off():
    data = zip_of({"a.xml": b" " * 5_000_000})
    lie = data.replace(struct.pack("<L", 5_000_000), struct.pack("<L", 100))
    assert lie != data
    with pytest.raises(DocumentError, match=r"is broken.*a\.xml"):
        opened(lie).read("a.xml")


def test_nested_archives_stay_bytes():
    inner = zip_of({"document.xml": b" " * 50_000_000})
    for _ in range(3):
        inner = zip_of({"word/embedded.docx": inner})
    archive = opened(inner)
    assert archive.names == ("word/embedded.docx",)
    assert archive.read("word/embedded.docx").startswith(b"PK")


def test_too_many_members():
    assert "50,001 members" in refused({str(n): b"" for n in range(50_001)})[0]


# --- tricks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "word/../../x", "..\\..\\x", "C:/windows/x"]
)
def test_names_that_lead_out_of_the_archive(name):
    message, _ = refused({"[Content_Types].xml": b"", name: b"root"})
    assert message.startswith("x.docx is broken: it cannot be read as a Word document (it has a")


def test_two_members_of_one_name():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        message, _ = refused([("a.xml", b"what a scanner sees"), ("a.xml", b"what Word sees")])
    assert "two members named a.xml" in message


def test_unusual_compression():
    assert "unusual" in refused({"a.xml": b"a" * 99}, method=zipfile.ZIP_LZMA)[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n...", "it is a PDF file under another name"),
        (b"{\\rtf1 hello}", "it is an RTF file under another name"),
        (b"\n<!doctype HTML><p>x", "it is an HTML file under another name"),
        (b"PK\x03\x04 cut off", "not a zip file"),
        (b"PK\x05\x06" + bytes(18), "as a Word document"),
    ],
)
def test_other_files_are_told_what_they_are(data, words):
    try:
        opened(data).read("word/document.xml")
    except DocumentError as error:
        assert words in error.message  # noqa: PT017
        assert error.hint  # noqa: PT017
    else:
        pytest.fail("it was taken for an archive")


# --- encryption -----------------------------------------------------------------------------------

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


def test_an_encrypted_office_file():
    message, hint = refused(OLE + "EncryptedPackage".encode("utf-16-le"))
    assert (message, "without a password" in hint) == ("x.docx is encrypted", True)


def test_an_old_office_file_under_a_new_name():
    message, hint = refused(OLE + "WordDocument".encode("utf-16-le"))
    assert message == "x.docx is an old Office file under another name"
    assert "save it as .docx" in hint


def test_an_encrypted_member():
    data = bytearray(zip_of({"a.xml": b"secret"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(data))[0] == "x.docx is encrypted"


# --- XML ------------------------------------------------------------------------------------------


def test_entities_are_never_expanded(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    for entity in (f'SYSTEM "{secret.as_uri()}"', f'SYSTEM "{secret}"', '"secret"'):
        xml = f"<!DOCTYPE a [<!ENTITY e {entity}>]><a>before &e; after</a>"
        assert "secret" not in "".join(parse_xml(xml.encode(), FILE).itertext())


def test_comments_and_instructions_are_no_elements():
    root = parse_xml(b"<a>x<!-- no --><?no no?><b/>y</a>", FILE)
    assert [child.tag for child in root] == ["b"]
    assert "".join(root.itertext()) == "xy"


@settings(max_examples=100, deadline=None)
@example(239, b"\x00", 0)  # a member without a name
@given(st.integers(0, 400), st.binary(min_size=1, max_size=8), st.integers(0, 400))
def test_damage_is_never_a_traceback(place, junk, cut):
    data = zip_of({"a.xml": b"<a>word</a>" * 9, "META-INF/manifest.xml": b"<m/>", "b/": b""})
    place %= len(data)
    damaged = data[:place] + junk + data[place + len(junk) :]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            archive = opened(damaged[: len(damaged) - cut // 4])
            for name in archive.names:
                archive.read(name)
    except DocumentError as error:
        assert error.hint  # noqa: PT017
