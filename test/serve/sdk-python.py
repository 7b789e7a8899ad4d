"""The official Python clients against a model server: python3 sdk-python.py <server url>. Prints one JSON object."""

import json
import sys

import anthropic
import openai

url = sys.argv[1]
TEXT = "[answer: one two three]"
CALL = '[tool: get_weather {"city":"Paris"}] [answer: sunny]'
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
seen = {}

client = openai.OpenAI(base_url=url + "/v1", api_key="none", max_retries=0)
seen["models"] = [model.id for model in client.models.list()]
seen["response"] = client.responses.create(model="m", input=TEXT).output_text
with client.responses.stream(model="m", input=TEXT) as stream:
    seen["response deltas"] = [event.delta for event in stream if event.type == "response.output_text.delta"]
messages = [{"role": "user", "content": TEXT}]
seen["chat"] = client.chat.completions.create(model="m", messages=messages).choices[0].message.content
chunks = client.chat.completions.create(model="m", messages=messages, stream=True)
seen["chat deltas"] = [c.choices[0].delta.content for c in chunks if c.choices and c.choices[0].delta.content]
tools = [{"type": "function", "function": {"name": "get_weather", "parameters": SCHEMA}}]
asked = [{"role": "user", "content": CALL}]
call = client.chat.completions.create(model="m", messages=asked, tools=tools).choices[0].message.tool_calls[0]
seen["chat tool"] = [call.function.name, json.loads(call.function.arguments)]

claude = anthropic.Anthropic(base_url=url, api_key="none", max_retries=0)
with claude.messages.stream(model="m", max_tokens=99, messages=messages) as stream:
    seen["message deltas"] = list(stream.text_stream)
use = claude.messages.create(
    model="m", max_tokens=99, messages=asked, tools=[{"name": "get_weather", "input_schema": SCHEMA}]
)
seen["message tool"] = [[block.name, block.input] for block in use.content if block.type == "tool_use"]
print(json.dumps(seen))
