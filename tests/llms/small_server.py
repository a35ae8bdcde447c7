"""A small model server on a real socket: it answers as each test tells it, well or badly."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ragkit.records import Message, Sampling

MODELS = {"object": "list", "data": [{"id": "tiny", "object": "model"}]}


def chunk(text="", *, finish=None, logprob=None):
    """One event of a streamed completion."""
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    if logprob is not None:
        choice["logprobs"] = {"content": [{"token": text, "logprob": logprob}]}
    return {"object": "chat.completion.chunk", "choices": [choice]}


class Handler(BaseHTTPRequestHandler):
    """Keeps what it was asked and answers by the server's next reply."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers), None))
        self.server.models(self)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), body))
        replies = self.server.replies
        (replies.pop(0) if len(replies) > 1 else replies[0])(self, body)

    def log_message(self, *_arguments):
        """Say nothing."""


Reply = Callable[[Handler, dict], None]


def send(handler, content: bytes, *, status=200, kind="application/json", headers=()):
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(content)))
    for name, value in headers:
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content)


def refuse(status, message="no", *, headers=()) -> Reply:
    """Answer with an error."""
    content = json.dumps({"error": {"message": message}}).encode()
    return lambda handler, _body: send(handler, content, status=status, headers=headers)


def garbage(content: bytes, *, kind="text/html") -> Reply:
    """Answer with success and bytes."""
    return lambda handler, _body: send(handler, content, kind=kind)


def events(*forms, end=True, pause_s=0.0, after=b"") -> Reply:
    """Stream forms as server-sent events; without `end` the connection is cut after them."""

    def reply(handler, _body):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.close_connection = True
        lines = [b": hello\r\n\r\n"]
        lines += [f"data: {json.dumps(form, ensure_ascii=False)}\n\n".encode() for form in forms]
        lines += [after] if after else []
        lines += [b"data: [DONE]\n\n"] if end else []
        for line in lines:
            for part in (line[:7], line[7:]):  # in pieces that end anywhere
                if part:
                    handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
                    handler.wfile.flush()
            time.sleep(pause_s)
        if end:
            handler.wfile.write(b"0\r\n\r\n")

    return reply


def hang_up(handler, _body):
    """Close the connection without a word."""
    handler.close_connection = True


def answer_with(llm) -> Reply:
    """Answer as an LLM does, word by word."""

    def reply(handler, body):
        messages = [Message(turn["role"], turn["content"]) for turn in body["messages"]]
        sampling = Sampling(max_new_tokens=body["max_tokens"], stop=tuple(body.get("stop", ())))
        pieces: list[str] = []
        said = llm.generate(messages, sampling=sampling, on_text=pieces.append)
        usage = {
            "prompt_tokens": said.prompt_tokens,
            "completion_tokens": said.completion_tokens,
        }
        forms = [chunk(piece) for piece in pieces]
        forms += [chunk(finish=said.finish_reason), {"choices": [], "usage": usage}]
        events(*forms)(handler, body)

    return reply


class SmallServer:
    """Serves on a free port of this machine until its `with` block ends."""

    def __init__(self, *replies: Reply, models=None, context=None):
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if context is not None:
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self._http.daemon_threads = True
        self._http.handle_error = lambda *_: None
        self._http.replies = list(replies)
        self._http.asked = []
        listing = json.dumps(MODELS).encode()
        self._http.models = models or (lambda handler: send(handler, listing))
        scheme = "https" if context else "http"
        self.url = f"{scheme}://127.0.0.1:{self._http.server_address[1]}/v1"

    @property
    def asked(self) -> list[tuple[str, dict, dict | None]]:
        """Path, headers and body of each request."""
        return self._http.asked

    @property
    def bodies(self) -> list[dict]:
        """What was posted."""
        return [body for _, _, body in self.asked if body is not None]

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        self._http.shutdown()
        self._http.server_close()
