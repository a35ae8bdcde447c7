"""A hub on this machine: the part of the hub's protocol that pulling a model needs.

It lists repositories with the sizes and hashes of their files, redirects large files to another
path, knows ranges, and can be told to break off, stall, lie or refuse.
"""

import hashlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = 100_000
"""Bytes from which a file is kept apart, with its sha256 in the listing."""
BLOCK = 50_000


class Asked(NamedTuple):
    """A request."""

    method: str
    path: str
    range: str
    token: str


class SmallHub:
    """Serves the files of one repository under its name, and remembers what was asked of it."""

    def __init__(self, name: str, files: Mapping[str, bytes] | Path) -> None:
        self.name = name
        self.commit = COMMIT
        self.licence: str | None = "mit"
        self.files = read_folder(files) if isinstance(files, Path) else dict(files)
        self.refusal: tuple[int, str] | None = None
        """Status and error code to answer everything with."""
        self.refuse_files: list[tuple[int, str]] = []
        """Statuses and codes to answer the next requests for files with."""
        self.break_after: list[int] = []
        """Bytes after which the connections of the next large files are cut."""
        self.stall_after: list[int] = []
        """Bytes after which the next large files come to a halt for a second."""
        self.pause_s = 0.0
        """Between two blocks of a large file."""
        self.lie: dict[str, bytes] = {}
        """What is sent in place of what is listed."""
        self.claimed: dict[str, int] = {}
        """Sizes that are listed in place of the real ones."""
        self.store = ""
        """The host that large files are sent on to; empty for this one."""
        self.ranges = True
        self.token = ""
        """What must be sent along; empty where everyone may read."""
        self.asked: list[Asked] = []
        self.sent_bytes = 0
        """Of large files."""
        self.endpoint = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer a request."""
        path = unquote(urlsplit(request.path).path)
        token = request.headers.get("Authorization", "")
        self.asked.append(Asked(request.command, path, request.headers.get("Range", ""), token))
        resolved = f"/{self.name}/resolve/{self.commit}/"
        if self.refusal is not None:
            send(request, self.refusal[0], b"{}", {"X-Error-Code": self.refusal[1]})
        elif path.startswith("/store/"):  # signed, so without a token
            self.send_file(request, path.removeprefix("/store/"))
        elif self.token and token != f"Bearer {self.token}":
            send(request, 401, b"{}", {"X-Error-Code": "GatedRepo"})
        elif path == f"/api/models/{self.name}/revision/main":
            send(request, 200, json.dumps(self.listing(request.path)).encode())
        elif path.startswith(resolved) and path.removeprefix(resolved) in self.files:
            self.resolve(request, path.removeprefix(resolved))
        else:
            send(request, 404, b"{}", {"X-Error-Code": "RepoNotFound"})

    def listing(self, path: str) -> dict:
        """Return what the repository holds, with sizes and hashes where they are asked for."""
        sized = parse_qs(urlsplit(path).query).get("blobs") == ["true"]
        return {
            "id": self.name,
            "sha": self.commit,
            "cardData": {"license": self.licence} if self.licence else None,
            "siblings": [
                {"rfilename": file, **(blob(data, self.claimed.get(file)) if sized else {})}
                for file, data in self.files.items()
            ],
        }

    def resolve(self, request: BaseHTTPRequestHandler, file: str) -> None:
        """Send a small file; send on to where a large one is kept."""
        if self.refuse_files:
            status, code = self.refuse_files.pop(0)
            send(request, status, b"{}", {"X-Error-Code": code})
        elif len(self.files[file]) < LARGE:
            send(request, 200, self.lie.get(file, self.files[file]))
        else:
            send(request, 302, b"", {"Location": f"{self.store}/store/{quote(file)}"})

    def send_file(self, request: BaseHTTPRequestHandler, file: str) -> None:
        """Send a large file, or what follows the start of the range."""
        data = self.lie.get(file, self.files[file])
        wanted = request.headers.get("Range", "") if self.ranges else ""
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start, end = int(first or 0), min(int(last or len(data)) + 1, len(data))
        headers = {"ETag": f'"{sha256(data)}"'}
        if wanted and start >= len(data):
            send(request, 416, b"", {**headers, "Content-Range": f"bytes */{len(data)}"})
            return
        if wanted:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
        body = data[start:end]
        send(request, 206 if wanted else 200, b"", {**headers, "Content-Length": str(len(body))})
        self.send_slowly(request, body)

    def send_slowly(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        """Send a body in blocks, or break off or stall in the middle."""
        cut = self.break_after.pop(0) if self.break_after else None
        halt = self.stall_after.pop(0) if self.stall_after else None
        end = len(body) if cut is None else cut
        for start in range(0, end, BLOCK):
            if halt is not None and start >= halt:
                time.sleep(1)
                request.close_connection = True
                return
            block = body[start : min(start + BLOCK, end)]
            request.wfile.write(block)
            self.sent_bytes += len(block)
            time.sleep(self.pause_s)
        if cut is not None:
            request.close_connection = True

    def asked_for(self, end: str) -> list[Asked]:
        """Return the requests for paths that end so."""
        return [one for one in self.asked if one.path.endswith(end)]


def read_folder(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def blob(data: bytes, claimed: int | None = None) -> dict:
    """Return what a listing tells of a file."""
    git = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    size = claimed or len(data)
    small = {"size": size, "blobId": git}
    if size < LARGE:
        return small
    return {**small, "lfs": {"size": size, "sha256": sha256(data), "pointerSize": 134}}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def send(request, status, body, headers=None):
    """Send an answer."""
    request.send_response(status)
    for key, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        request.send_header(key, value)
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(body)


@contextmanager
def serve(hub: SmallHub) -> Iterator[SmallHub]:
    """Serve a hub on a free port while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self):
            with suppress(BrokenPipeError, ConnectionResetError):  # the one that asked has gone
                super().handle()

        def do_GET(self):
            hub.answer(self)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    hub.endpoint = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
