"""An environment over HTTP, in Python's standard library alone: sessions by cookie, JSON in and out.

`ng` starts it and says where it is to listen, in NGYM_HOST and NGYM_PORT, and in NEMO_GYM_CONFIG_DICT what the whole
configuration is. What an environment consists of is given to `serve`; a bug in it is a 500 and never a reward.
"""

import json
import os
import traceback
import urllib.request
import uuid
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SESSIONS = {}  # session id -> the state that open_session made


class Refused(Exception):
    """What came does not fit: the place in the body, and what should be there."""

    def __init__(self, place, message):
        super().__init__(message)
        self.detail = [{"type": "value_error", "loc": ["body", *place], "msg": message}]


class JudgeFailed(Exception):
    """There is no verdict: the rollout fails, and is played again."""


def output_text(response):
    """All texts of the model's messages."""
    messages = [item for item in response["output"] if item.get("type") == "message"]
    parts = [part for item in messages for part in item["content"] if part.get("type") == "output_text"]
    return "".join(part["text"] for part in parts)


def own_block(config):
    servers = config[os.environ["NEMO_GYM_CONFIG_PATH"]]["resources_servers"]
    return next(iter(servers.values()))


def ask_model(key, prompt):
    """What the model server says to a prompt that the own block names under this key."""
    config = json.loads(os.environ["NEMO_GYM_CONFIG_DICT"])
    name = own_block(config)[key]["name"]
    block = next(iter(config[name]["responses_api_models"].values()))
    request = urllib.request.Request(
        f"http://{block['host']}:{block['port']}/v1/responses",
        json.dumps({"input": [{"role": "user", "content": prompt}]}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=300) as reply:
            return output_text(json.load(reply))
    except OSError as error:
        raise JudgeFailed(f"{name}: {error}") from error


def serve(*, verify=None, tools=None, open_session=lambda row: {}, reset=None, step=None):
    tools = tools or {}

    def run(path, session_id, body):
        if path in ("seed_session", "reset"):
            SESSIONS[session_id] = open_session(body)
            if path == "seed_session":
                return {}
            return {"observation": None, "info": {}, **reset(SESSIONS[session_id], body)}
        if path in tools:
            return tools[path](SESSIONS.setdefault(session_id, open_session({})), body)
        try:
            session = SESSIONS.setdefault(session_id, open_session(body))
            if path == "step":
                return {"observation": None, "reward": 0.0, "terminated": False, "truncated": False, **step(session, body)}
            sent = {key: body[key] for key in ("responses_create_params", "response")}
            return {**sent, **verify(session, body)}
        except KeyError as missing:
            raise Refused([str(missing.args[0])], "Field required") from missing

    routes = {*tools, *(("reset", "step") if step else ("seed_session", "verify"))}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.answer(200, {"status": "ok"}) if self.path in ("/", "/health") else self.answer(404, NOT_FOUND)

        def do_POST(self):
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
            session_id = cookies["session"].value if "session" in cookies else str(uuid.uuid4())
            path = self.path.strip("/")
            try:
                body = json.loads(raw or b"null")
                status, answer = (200, run(path, session_id, body)) if path in routes else (404, NOT_FOUND)
            except Refused as error:
                status, answer = 422, {"detail": error.detail}
            except JudgeFailed as error:
                status, answer = 200, {**body, **judge_failed(str(error))}
            except Exception as error:
                traceback.print_exc()
                status, answer = 500, {"detail": f"{type(error).__name__}: {error}"}
            if path == "verify":
                SESSIONS.pop(session_id, None)
            self.answer(status, answer, session_id)

        def answer(self, status, body, session_id=None):
            data = json.dumps(body, separators=(",", ":")).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            if session_id is not None:
                self.send_header("Set-Cookie", f"session={session_id}; Path=/; HttpOnly")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments):
            pass

    address = (os.environ.get("NGYM_HOST", "127.0.0.1"), int(os.environ.get("NGYM_PORT", "0")))
    server = ThreadingHTTPServer(address, Handler)
    server.daemon_threads = True
    print(f"http://{address[0]}:{server.server_port}", flush=True)
    server.serve_forever()


def judge_failed(reason):
    failure = {"failure_kind": "judge_failed", "failure_reason": reason, "_ng_failure_class": "judge_failed"}
    return {"reward": 0.0, "mask_sample": True, "_ng_failure_judge_error": reason, **failure}


NOT_FOUND = {"detail": "Not Found"}
