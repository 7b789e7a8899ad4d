"""A small environment over HTTP, in Python's standard library alone.

The task: bring a running total to a wanted number with the tool `add`. The contract is five routes:

  GET  /              {"status": "ok"}
  POST /seed_session  the dataset row; starts an episode, which the session cookie names
  POST /add           the tool's arguments; any answer, fed back to the model as text
  POST /verify        the row and `response`; answers with at least `reward`
  (others)            404 {"detail": "Not Found"}

Run: python3 server.py [PORT]   (0 or nothing takes a free port; the address is printed). A run that starts it
says where it is to listen in NGYM_HOST and NGYM_PORT.
"""

import json
import os
import sys
import uuid
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOTALS = {}  # session id -> running total


def seed_session(session, row):
    TOTALS[session] = 0
    return 200, {}


def add(session, arguments):
    if session not in TOTALS:
        return 400, {"detail": "POST /seed_session first"}
    amount = arguments.get("amount") if isinstance(arguments, dict) else None
    if not isinstance(amount, int):
        return 422, {"detail": [{"loc": ["body", "amount"], "msg": "Input should be a valid integer"}]}
    TOTALS[session] += amount
    return 200, {"total": TOTALS[session]}


def verify(session, body):
    total = TOTALS.pop(session, 0)
    reward = 1.0 if total == body["wanted_total"] else 0.0
    return 200, {
        "responses_create_params": body["responses_create_params"],
        "response": body["response"],
        "reward": reward,
        "total": total,
    }


ROUTES = {"/seed_session": seed_session, "/add": add, "/verify": verify}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200 if self.path == "/" else 404, {"status": "ok"} if self.path == "/" else NOT_FOUND)

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        cookies = SimpleCookie(self.headers.get("Cookie", ""))
        session = cookies["session"].value if "session" in cookies else str(uuid.uuid4())
        route = ROUTES.get(self.path)
        try:
            status, body = route(session, json.loads(raw or b"null")) if route else (404, NOT_FOUND)
        except Exception as error:  # a bug in the environment must not look like a reward
            status, body = 500, {"detail": f"{type(error).__name__}: {error}"}
        self.answer(status, body, session)

    def answer(self, status, body, session=None):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if session is not None:
            self.send_header("Set-Cookie", f"session={session}; Path=/; HttpOnly")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        pass


NOT_FOUND = {"detail": "Not Found"}

if __name__ == "__main__":
    port = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("NGYM_PORT", "0"))
    server = ThreadingHTTPServer((os.environ.get("NGYM_HOST", "127.0.0.1"), port), Handler)
    server.daemon_threads = True
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
