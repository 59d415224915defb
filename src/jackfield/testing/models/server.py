"""The server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from jackfield.testing.models.anthropic_rules import judge_messages
from jackfield.testing.models.openai_rules import judge_chat, judge_responses
from jackfield.testing.models.rules import Refused, need
from jackfield.testing.models.turns import Answers, Turn
from jackfield.testing.models.wire import chat_answer, messages_answer, responses_answer

_JUDGES: Mapping[str, Callable[[Any, Mapping[str, str]], None]] = {
    "/v1/chat/completions": lambda body, _: judge_chat(body),
    "/v1/responses": lambda body, _: judge_responses(body),
    "/v1/messages": judge_messages,
}
_ANSWERS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "/v1/chat/completions": chat_answer,
    "/v1/responses": responses_answer,
    "/v1/messages": messages_answer,
}


@dataclass(frozen=True, kw_only=True)
class ModelRequest:
    """A request as the server saw it. Names of headers are lower-case."""

    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: Any


@dataclass(frozen=True, kw_only=True)
class FakeModels:
    """A running server.

    Attributes:
        url: Its address, as Anthropic's client takes it.
        openai_url: The same as OpenAI's client takes it.
        asked: Every request so far, oldest first, those that were refused too.
    """

    url: str
    openai_url: str
    asked: list[ModelRequest]


@contextmanager
def fake_models(turns: Sequence[Turn]) -> Iterator[FakeModels]:
    """A server on loopback that says `turns`, one after the other, and after the last refuses to say more.

    It has chat completions and responses as OpenAI's, and messages as Anthropic's. What the real ones would refuse,
    in tools, in the schemas of their params, in calls without answer, it answers with status 400, without a turn.
    Answers come whole: a stream is refused.
    """
    asked: list[ModelRequest] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(list(turns), asked))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield FakeModels(url=url, openai_url=f"{url}/v1", asked=asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(turns: list[Turn], asked: list[ModelRequest]) -> type[BaseHTTPRequestHandler]:
    one_at_a_time = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with one_at_a_time:
                found = _answer(self.path.partition("?")[0], headers, content, turns, asked)
            self.send_response(found.status)
            self.send_header("Content-Type", found.media_type)
            self.send_header("Content-Length", str(len(found.content)))
            self.end_headers()
            self.wfile.write(found.content)

        def log_message(self, *_: object) -> None:
            """Say nothing: requests are in `FakeModels.asked`."""

    return Handler


def _answer(
    path: str, headers: Mapping[str, str], content: bytes, turns: list[Turn], asked: list[ModelRequest]
) -> Answers:
    try:
        body = json.loads(content)
        asked.append(ModelRequest(path=path, headers=headers, body=body))
        need(path in _JUDGES, f"there is no {path}")
        need(isinstance(body, dict), "the body must be an object")
        need(not body.get("stream"), "this server does not stream")
        _JUDGES[path](body, headers)
        need(bool(turns), "the script of this model has no more turns")
    except (Refused, ValueError) as refusal:
        return Answers(status=400, content=json.dumps(_error(path, str(refusal))).encode())
    turn = turns.pop(0)
    if isinstance(turn, Answers):
        return turn
    said = _ANSWERS[path](turn, model=body["model"], number=len(asked))
    return Answers(status=200, content=json.dumps(said).encode())


def _error(path: str, message: str) -> dict[str, Any]:
    error = {"type": "invalid_request_error", "message": message}
    return {"type": "error", "error": error} if path == "/v1/messages" else {"error": {**error, "code": None}}
