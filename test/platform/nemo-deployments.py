"""Deployments by NeMo Platform's own Python SDK; prints what came back as JSON.

Called with the platform's address and the executor_config of a server.
"""
import contextlib
import io
import json
import sys

from nemo_platform import ConflictError, NeMoPlatform

base_url, executor_config = sys.argv[1], json.loads(sys.argv[2])
sdk = NeMoPlatform(base_url=base_url, workspace="default")
seen = {}
quiet = io.StringIO()
parts = {"engine": "generic", "model_spec": {}, "executor_config": executor_config}
with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
    seen["config"] = sdk.inference.deployment_configs.create(name="cfg", **parts).entity_version
    seen["update"] = sdk.inference.deployment_configs.update("cfg", description="2", **parts).entity_version
    seen["versions"] = [each.entity_version for each in sdk.inference.deployment_configs.versions.list("cfg")]
    made = sdk.inference.deployments.create(name="my-deployment", config="cfg")
    seen["created"] = [made.status, made.config_version]
    seen["waited"] = sdk.models.wait_for_status("my-deployment", "READY", timeout=60)
    deployment = sdk.inference.deployments.retrieve("my-deployment", workspace="default")
    seen["history"] = [each.status for each in deployment.status_history]
    seen["provider"] = deployment.model_provider_id
    seen["url"] = sdk.models.get_provider_route_openai_url_for_deployment(deployment)
    seen["listed"] = [each.name for each in sdk.inference.deployments.list()]
    body = {"model": "tiny", "messages": [{"role": "user", "content": "x"}]}
    reply = sdk.inference.gateway.provider.post("v1/chat/completions", name="my-deployment", body=body)
    seen["reply"] = reply["choices"][0]["message"]["content"].split(" ")[0]
    try:
        sdk.inference.deployment_configs.delete("cfg")
    except ConflictError as error:
        seen["in use"] = error.status_code
    sdk.inference.deployments.delete("my-deployment")
    seen["deleted"] = sdk.models.wait_for_status("my-deployment", "DELETED", timeout=60)
    sdk.inference.deployment_configs.delete("cfg")
print(json.dumps(seen))
