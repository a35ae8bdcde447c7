"""What an e-book's package says: title, reading order, chapter names, places of printed pages."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from ragkit.documents.archives import open_archive
from ragkit.documents.decode import decode_text
from ragkit.documents.draft import RawFile
from ragkit.errors import DocumentError

_CONTAINER = "META-INF/container.xml"
_DECLARED = re.compile(r"^\s*<\?xml[^<>]*?\?>")
_TEXT_TYPES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


class Book:
    """Reads the package document and the tables of contents; chapters on demand.

    Raises:
        DocumentError: The archive holds no package document.
    """

    def __init__(self, file: RawFile) -> None:
        self._file = file
        self._archive = open_archive(file, "an EPUB book")
        package = self._package_name()
        self._folder = posixpath.dirname(package)
        root = self._xml(package)
        self._items = {str(item.get("id")): item for item in root.iter("{*}item")}
        self.title = _line(next(root.iter("{*}title"), None))
        contents = self._contents(root)
        self.chapters = tuple(name for name in self._spine(root) if name not in contents)
        self.page_labels: dict[tuple[str, str], str] = {}
        """Of the elements where printed pages begin, by file and id."""
        self.chapter_titles: dict[str, str] = {}
        for name in contents:
            self._read_navigation(name)

    @property
    def is_protected(self) -> bool:
        """Whether chapters are encrypted, as sellers do; hidden fonts do not count."""
        if "META-INF/encryption.xml" not in self._archive:
            return False
        references = self._xml("META-INF/encryption.xml").iter("{*}CipherReference")
        return any(unquote(str(one.get("URI"))) in self.chapters for one in references)

    def text(self, name: str) -> str:
        """Return a chapter's markup; empty where the archive lacks it."""
        if name not in self._archive:
            return ""
        return _DECLARED.sub("", decode_text(self._archive.read(name)))

    def _package_name(self) -> str:
        if _CONTAINER in self._archive:
            for found in self._xml(_CONTAINER).iter("{*}rootfile"):
                if (name := str(found.get("full-path"))) in self._archive:
                    return name
        for name in sorted(self._archive.names):
            if name.endswith(".opf"):
                return name
        raise DocumentError(
            f"{self._file.name} is broken: it is an archive without the contents of a book",
            hint="get another copy of it, or list it in .ragkitignore",
        )

    def _xml(self, name: str) -> Any:
        return self._archive.read_xml(name, recover=True)

    def _resolve(self, href: str, folder: str) -> tuple[str, str]:
        path, _, fragment = href.partition("#")
        return posixpath.normpath(posixpath.join(folder, unquote(path))), fragment

    def _spine(self, root: Any) -> Iterator[str]:
        seen = set()
        for reference in root.iter("{*}itemref"):
            item = self._items.get(str(reference.get("idref")))
            if item is None or item.get("media-type") not in _TEXT_TYPES:
                continue
            name, _ = self._resolve(str(item.get("href")), self._folder)
            if name not in seen:
                seen.add(name)
                yield name

    def _contents(self, root: Any) -> tuple[str, ...]:
        """Return the files that are tables of contents."""
        hrefs = [
            str(item.get("href"))
            for item in self._items.values()
            if "nav" in str(item.get("properties") or "").split()
            or item.get("media-type") == "application/x-dtbncx+xml"
        ]
        hrefs += [
            str(one.get("href")) for one in root.iter("{*}reference") if one.get("type") == "toc"
        ]
        return tuple(
            name
            for name, fragment in (self._resolve(href, self._folder) for href in hrefs)
            if name in self._archive and not fragment
        )

    def _read_navigation(self, name: str) -> None:
        folder = posixpath.dirname(name)
        root = self._xml(name)
        for link in root.iter("{*}a"):
            listed = any(_epub_type(parent) == "page-list" for parent in link.iterancestors())
            self._add_link(str(link.get("href") or ""), _line(link), folder, is_page=listed)
        for point in root.iter("{*}navPoint", "{*}pageTarget"):
            label, content = point.find("{*}navLabel"), point.find("{*}content")
            if content is not None:
                is_page = str(point.tag).endswith("}pageTarget")
                self._add_link(str(content.get("src")), _line(label), folder, is_page=is_page)

    def _add_link(self, href: str, label: str, folder: str, *, is_page: bool) -> None:
        name, fragment = self._resolve(href, folder)
        if is_page and fragment:
            self.page_labels[name, fragment] = label
        elif not fragment and not is_page:
            self.chapter_titles.setdefault(name, label)


def _epub_type(element: Any) -> str:
    return str(element.get("{http://www.idpf.org/2007/ops}type") or "")


def _line(element: Any) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())
