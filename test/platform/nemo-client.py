"""The calls that the documents of NeMo Platform print, made with its own Python SDK; prints what came back as JSON.

Called with the platform's address, a provider's address and its key.
"""
import contextlib
import io
import json
import os
import sys
import urllib.request

from nemo_platform import ConflictError, NeMoPlatform, NotFoundError

base_url, host_url, key = sys.argv[1:4]
os.environ["NMP_BASE_URL"] = base_url
client = NeMoPlatform(base_url=os.environ.get("NMP_BASE_URL", "http://localhost:8080"), workspace="default")
seen = {}
quiet = io.StringIO()
with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
    client.secrets.create(name="nvidia-api-key", value=key)
    provider = client.inference.providers.create(
        name="my-nvidia-build", host_url=host_url, api_key_secret_name="nvidia-api-key"
    )
    seen["created"] = provider.status
    seen["waited"] = client.models.wait_for_provider("my-nvidia-build")
    body = {"messages": [{"role": "user", "content": "[answer: Hello]"}], "max_tokens": 100}
    reply = client.inference.gateway.provider.post(
        "v1/chat/completions", name="my-nvidia-build", body={"model": "meta/llama-3.1-8b-instruct", **body}
    )
    seen["provider route"] = reply["choices"][0]["message"]["content"]
    name = "meta-llama-3-1-8b-instruct"
    reply = client.inference.gateway.model.post("v1/chat/completions", name=name, body=body)
    seen["model route"] = [reply["choices"][0]["message"]["content"], reply["model"]]
    reply = client.inference.gateway.openai.post("v1/chat/completions", body={"model": f"default/{name}", **body})
    seen["openai route"] = reply["choices"][0]["message"]["content"]
    openai = client.models.get_openai_client()
    seen["openai client"] = openai.chat.completions.create(model=name, **body).choices[0].message.content
    stream = openai.chat.completions.create(model=name, stream=True, **body)
    seen["stream"] = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
    older = []
    for route, model in [(f"model/{name}", name), ("provider/my-nvidia-build", "meta/llama-3.1-8b-instruct"), ("openai", name)]:
        request = urllib.request.Request(
            f"{base_url}/v2/workspaces/default/inference/gateway/{route}/-/v1/chat/completions",
            data=json.dumps({"model": model, **body}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            older.append(json.load(answer)["choices"][0]["message"]["content"])
    seen["older prefix"] = older
    seen["models"] = [model.name for model in client.models.list()]
    seen["virtual models"] = [each.name for each in client.inference.virtual_models.list()]
    seen["openai models"] = [each.id for each in client.inference.models.list().data]
    entity = client.models.retrieve(name)
    found = client.inference.providers.retrieve("my-nvidia-build")
    seen["urls"] = [
        client.models.get_openai_route_base_url(),
        client.models.get_model_entity_route_openai_url(entity),
        client.models.get_provider_route_openai_url(found),
    ]
    again = client.inference.providers.create(name="my-nvidia-build", host_url="http://other.invalid", exist_ok=True)
    seen["exist_ok"] = again.host_url
    try:
        client.secrets.create(name="nvidia-api-key", value="x")
    except ConflictError as error:
        seen["conflict"] = error.status_code
    client.inference.providers.delete("my-nvidia-build")
    client.secrets.delete("nvidia-api-key")
    try:
        client.secrets.retrieve("nvidia-api-key")
    except NotFoundError as error:
        seen["gone"] = error.status_code
print(json.dumps(seen))
