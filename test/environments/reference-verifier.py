"""The reference's own verifier of one server: cases in, verdicts out, one JSON text a line.

Run with a Python that has nemo-gym: `python reference-verifier.py SERVER`. A case is {config, row, response, judge}, where
`judge` is a list of replies {status, body} that judges give in turn, the last again and again. The answer is {status,
body, judge}, where `judge` is every exchange with its request.
"""

import asyncio
import importlib.util
import inspect
import json
import logging
import os
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import httpx  # noqa: E402
import nemo_gym  # noqa: E402
from nemo_gym.base_resources_server import SimpleResourcesServer  # noqa: E402
from nemo_gym.server_utils import ServerClient  # noqa: E402

NAME = sys.argv[1]
HERE = Path(nemo_gym.__file__).parent.parent / "resources_servers" / NAME
os.chdir(HERE)
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]
spec = importlib.util.spec_from_file_location(f"resources_servers.{NAME}.app", HERE / "app.py")
module = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = module
spec.loader.exec_module(module)
SERVER = next(
    each
    for _, each in inspect.getmembers(module, inspect.isclass)
    if issubclass(each, SimpleResourcesServer) and each.__module__ == spec.name
)
CONFIG = SERVER.model_fields["config"].annotation


class Reply:
    def __init__(self, status, body):
        self.status = self.status_code = status
        self.ok = status < 400
        self.cookies = {}
        self.headers = {}
        self.content = self
        self.body = json.dumps(body).encode()
        self.request_info = SimpleNamespace(real_url="http://judge")

    async def read(self):
        return self.body

    async def text(self):
        return self.body.decode()

    async def json(self):
        return json.loads(self.body)

    def raise_for_status(self):
        if not self.ok:
            raise RuntimeError(f"status {self.status}")


class Client(ServerClient):
    script: list = []
    exchanges: list = []

    async def post(self, server_name, url_path, **kwargs):
        body = kwargs.get("json")
        if hasattr(body, "model_dump"):
            body = body.model_dump(exclude_unset=True, mode="json")
        reply = self.script[min(len(self.exchanges), len(self.script) - 1)] if self.script else {"status": 500, "body": {}}
        request = {"server": server_name, "method": "POST", "path": url_path, "body": json.loads(json.dumps(body, default=str))}
        self.exchanges.append({"request": request, "reply": reply})
        return Reply(reply["status"], reply["body"])


servers = {}


def server_of(config):
    key = json.dumps(config, sort_keys=True)
    if key not in servers:
        client = Client.model_construct(script=[], exchanges=[])
        made = SERVER(
            config=CONFIG(host="127.0.0.1", port=1, entrypoint="app.py", name=NAME, **config), server_client=client
        )
        servers[key] = (made, made.setup_webserver(), client)
    return servers[key]


async def play(case):
    _, app, client = server_of(case["config"])
    client.script, client.exchanges = case.get("judge") or [], []
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as asked:
        reply = await asked.post("/seed_session", json=case["row"])
        if reply.status_code == 200:
            request = {**case["row"], "response": case["response"]}
            reply = await asyncio.wait_for(asked.post("/verify", json=request), timeout=20)
    try:
        body = reply.json()
    except ValueError:
        body = reply.text
    return {"status": reply.status_code, "body": body, "judge": client.exchanges}


async def main():
    for line in sys.stdin:
        try:
            answer = await play(json.loads(line))
        except Exception as error:  # noqa: BLE001
            answer = {"status": 0, "body": repr(error)[:500], "judge": []}
        out.write(json.dumps(answer) + "\n")
        out.flush()


asyncio.run(main())
