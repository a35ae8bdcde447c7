"""One checked door into every format that is a zip archive (DOCX, PPTX, EPUB, ODT, ...).

Nothing is unpacked to disk, and archives within it stay bytes. What a member means, and whether a
format encrypts members in a way of its own, is its reader's.
"""

import io
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Any

from ragkit.documents.clean import clean_line
from ragkit.documents.draft import RawFile
from ragkit.documents.xml import parse_xml
from ragkit.errors import DocumentError

_MOST_MEMBERS = 50_000
_MOST_BYTES = 1_000_000_000
"""Of all members together, unpacked."""
_MOST_MEMBER_BYTES = 250_000_000
_HARMLESS_BYTES = 100_000_000
"""An archive that unpacks to less is read whatever its ratio."""
_MOST_RATIO = 200
"""Source: text of tables shrinks to a hundredth at most; the deflate method reaches 1/1032."""
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How old Office files begin, and the containers of new ones that are encrypted."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHERS = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "an RTF"),
    (b"<!DOCTYPE html", "an HTML"),
    (b"<html", "an HTML"),
)
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OSError, RuntimeError,
)  # fmt: skip
"""What `zipfile` raises on a broken archive."""


class Archive:
    """A zip archive whose directory has been found sane; its members are read within limits.

    Args:
        file: Where it came from.
        kind: What it ought to be, such as "an EPUB book".
        members: The open archive.
    """

    def __init__(self, file: RawFile, kind: str, members: zipfile.ZipFile) -> None:
        self._file = file
        self._kind = kind
        self._zip = members
        self.names: tuple[str, ...] = tuple(
            member.filename
            for member in members.infolist()
            if member.filename and not member.is_dir()
        )
        """Of the members that are no folders, in the order of the archive."""
        self._known = frozenset(self.names)

    def __contains__(self, name: object) -> bool:
        """Say whether there is a member of this name."""
        return name in self._known

    def read(self, name: str) -> bytes:
        """Return the bytes of a member.

        Raises:
            DocumentError: There is none of this name, it is damaged, or larger than allowed.
        """
        if name not in self:
            raise _broken(self._file, self._kind, f"{name} is missing")
        size = self._zip.getinfo(name).file_size
        if size > _MOST_MEMBER_BYTES:
            raise _too_large(self._file, size)
        try:
            with self._zip.open(name) as stream:  # never gives more than the size declared
                return stream.read(size)
        except _DAMAGE as error:
            raise _broken(self._file, self._kind, f"{name}: {error}") from error

    def read_xml(self, name: str, *, recover: bool = False) -> Any:
        """Return the root element of an XML member; see `ragkit.documents.xml.parse_xml`.

        Raises:
            DocumentError: There is none of this name, it is damaged, or not XML.
        """
        return parse_xml(self.read(name), self._file, recover=recover)


def open_archive(file: RawFile, kind: str) -> Archive:
    """Return the archive that a file is; every reader of a zip-based format comes through here.

    A reader that hands the bytes to a library (python-docx) calls it for its checks alone. One that
    reads members itself uses `Archive.read` and `Archive.read_xml`, never `zipfile` or its own
    parser:

        archive = open_archive(file, "an EPUB book")
        package = archive.read_xml("OEBPS/content.opf")
        chapters = [archive.read(name) for name in archive.names if name.endswith(".xhtml")]

    Args:
        file: With the bytes of the whole archive.
        kind: What it ought to be, with its article, for the messages.

    Raises:
        DocumentError: It is no zip archive (but, say, an encrypted or an old Office file), a member
            is encrypted or named twice or like a path out of the archive, or it would unpack to
            more than a document ever does.
    """
    if file.data.startswith(_OLE):
        raise _ole_error(file)
    for start, what in _OTHERS:
        if file.data[:20].lstrip().lower().startswith(start.lower()):
            raise _broken(file, kind, f"it is {what} file under another name")
    try:
        members = zipfile.ZipFile(io.BytesIO(file.data))
    except _DAMAGE as error:
        raise _broken(file, kind, str(error)) from error
    _check_members(file, kind, members.infolist())
    return Archive(file, kind, members)


def _check_members(file: RawFile, kind: str, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > _MOST_MEMBERS:
        raise _broken(file, kind, f"it has {len(members):,} members")
    names: set[str] = set()
    for member in members:
        if member.filename in names and not member.is_dir():
            raise _broken(file, kind, f"it has two members named {member.filename}")
        names.add(member.filename)
        if member.flag_bits & 1:
            raise _encrypted(file)
        if _leads_out(PurePosixPath(member.filename.replace("\\", "/"))):
            raise _broken(file, kind, f"it has a member named {member.filename}")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _broken(file, kind, f"{member.filename} is compressed in an unusual way")
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    if packed > len(file.data):  # members that overlap count again and again
        raise _broken(file, kind, "its members overlap")
    bomb = unpacked > _HARMLESS_BYTES and unpacked > _MOST_RATIO * len(file.data)
    if bomb or unpacked > _MOST_BYTES:
        raise _too_large(file, unpacked)


def _leads_out(name: PurePosixPath) -> bool:
    """Return whether a member's name would lie elsewhere if the archive were unpacked.

    >>> _leads_out(PurePosixPath("word/../../x")), _leads_out(PurePosixPath("C:/x"))
    (True, True)
    """
    return ".." in name.parts or name.is_absolute() or name.parts[:1] == (f"{name.as_posix()[0]}:",)


def _broken(file: RawFile, kind: str, detail: str) -> DocumentError:
    """Return the error of a file that is not what it ought to be."""
    return DocumentError(
        f"{file.name} is broken: it cannot be read as {kind} ({clean_line(detail)[:120]})",
        hint="open it in the program that made it, save it again, then ingest again",
    )


def _encrypted(file: RawFile) -> DocumentError:
    return DocumentError(
        f"{file.name} is encrypted",
        hint="open it in the program that made it, save it without a password, then ingest again",
    )


def _too_large(file: RawFile, size_bytes: int) -> DocumentError:
    packed, unpacked = f"{len(file.data) / 1e6:,.2f} MB", f"{size_bytes / 1e6:,.0f} MB"
    return DocumentError(
        f"{file.name} would unpack from {packed} to {unpacked}",
        hint="no document does: list it in .ragkitignore, or take large pictures out of it",
    )


def _ole_error(file: RawFile) -> DocumentError:
    """Return why a file of the old binary form is not read."""
    if _ENCRYPTED in file.data:
        return _encrypted(file)
    suffix = PurePosixPath(file.name).suffix.lower()
    return DocumentError(
        f"{file.name} is an old Office file under another name",
        hint=f"open it in Office or LibreOffice, save it as {suffix}, then ingest again",
    )
