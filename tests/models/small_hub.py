"""A hub on this machine: the part of the hub's protocol that downloading a model needs."""

import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class SmallHub:
    """Serves the folder of one model under its name, and remembers what was asked of it."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        self.refusal: tuple[int, str] | None = None
        """Status and error code to answer everything with."""
        self.break_after: int | None = None
        """Bytes of the weights after which the connection is cut, and all else is refused."""
        self.asked: list[tuple[str, str, str]] = []
        """Method, path and range of each request."""
        self.sent: list[str] = []
        self.endpoint = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer a request."""
        path = unquote(urlsplit(request.path).path)
        self.asked.append((request.command, path, request.headers.get("Range", "")))
        resolved = f"/{self.name}/resolve/{COMMIT}/"
        if self.refusal is not None:
            send(request, self.refusal[0], b"{}", {"X-Error-Code": self.refusal[1]})
        elif path == f"/api/models/{self.name}/revision/main":
            form = {"id": self.name, "sha": COMMIT, "siblings": []}
            send(request, 200, json.dumps(form).encode())
        elif path == f"/api/models/{self.name}/tree/{COMMIT}":
            form = [
                {"type": "file", "path": file, "size": len(data), "oid": etag(data)}
                for file, data in self.files.items()
            ]
            send(request, 200, json.dumps(form).encode())
        elif path.startswith(resolved) and path.removeprefix(resolved) in self.files:
            self.send_file(request, path.removeprefix(resolved))
        else:
            send(request, 404, b"{}", {"X-Error-Code": "RepoNotFound"})

    def send_file(self, request: BaseHTTPRequestHandler, file: str) -> None:
        """Send a file, or what follows the start of the range."""
        data = self.files[file]
        start = int(
            (request.headers.get("Range") or "bytes=0-").removeprefix("bytes=").split("-")[0]
        )
        headers = {"ETag": f'"{etag(data)}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        part = data[start:]
        cut = self.break_after if file.endswith(".safetensors") else None
        if request.command == "GET":
            self.sent.append(file)
        send(request, 206 if start else 200, part, headers, cut=cut)
        if request.command == "GET" and cut is not None:
            self.refusal = (400, "")


def send(request, status, body, headers=None, *, cut=None):
    """Send an answer, or only the first bytes of its body."""
    request.send_response(status)
    for key, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        request.send_header(key, value)
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(body[:cut])
    if cut is not None:
        request.close_connection = True


def etag(data: bytes) -> str:
    return hashlib.sha1(data).hexdigest()


@contextmanager
def serve(hub: SmallHub):
    """Serve a hub on a free port while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

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
