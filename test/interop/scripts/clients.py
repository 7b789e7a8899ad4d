"""One Python client over each dialect that it speaks, whole and streamed; prints what it saw as JSON."""

import asyncio
import json
import sys

URL, PROMPT, WHICH = sys.argv[1:4]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Tells the weather.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


def told(error):
    return {"status": getattr(error, "status_code", None), "message": str(error)}


def with_litellm():
    import litellm

    litellm.telemetry = False
    litellm.suppress_debug_info = True
    seen, calls = {}, []
    for model, base in (("openai/any", URL + "/v1"), ("anthropic/any", URL), ("hosted_vllm/any", URL + "/v1")):
        target = {"model": model, "api_base": base, "api_key": "none", "max_retries": 0}
        history = [{"role": "user", "content": PROMPT}]
        first = litellm.completion(messages=history, tools=[TOOL], **target)
        call = first.choices[0].message.tool_calls[0]
        calls.append(json.loads(call.function.arguments)["city"])
        history.append(first.choices[0].message.model_dump(exclude_none=True))
        history.append({"role": "tool", "tool_call_id": call.id, "content": "sunny"})
        last = litellm.completion(messages=history, tools=[TOOL], **target)
        chunks = litellm.completion(messages=history, tools=[TOOL], stream=True, **target)
        pieces = [c.choices[0].delta.content for c in chunks if c.choices and c.choices[0].delta.content]
        try:
            litellm.completion(messages=[{"role": "user", "content": "[fail]"}], **target)
            error = None
        except Exception as raised:
            error = told(raised)
        seen[model] = {
            "text": last.choices[0].message.content,
            "streamed": "".join(pieces),
            "pieces": pieces,
            "usage": [first.usage.total_tokens, last.usage.total_tokens],
            "error": error,
        }
    return {"seen": seen, "calls": calls}


def with_langchain():
    from langchain_core.messages import HumanMessage, ToolMessage
    from langchain_openai import ChatOpenAI

    seen, calls = {}, []
    for name, extra in (("chat", {}), ("responses", {"use_responses_api": True})):
        model = ChatOpenAI(model="any", base_url=URL + "/v1", api_key="none", max_retries=0, **extra)
        model = model.bind_tools([TOOL])
        history = [HumanMessage(PROMPT)]
        first = model.invoke(history)
        call = first.tool_calls[0]
        calls.append(call["args"]["city"])
        history += [first, ToolMessage("sunny", tool_call_id=call["id"])]
        last = model.invoke(history)
        pieces = [chunk.text for chunk in model.stream(history) if chunk.text]
        try:
            model.invoke("[fail]")
            error = None
        except Exception as raised:
            error = told(raised)
        seen[name] = {
            "text": last.text,
            "streamed": "".join(pieces),
            "pieces": pieces,
            "usage": [first.usage_metadata["total_tokens"], last.usage_metadata["total_tokens"]],
            "error": error,
        }
    return {"seen": seen, "calls": calls}


async def with_agents():
    from agents import Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner, function_tool
    from agents import set_tracing_disabled
    from openai import AsyncOpenAI

    set_tracing_disabled(True)
    seen, calls = {}, []

    @function_tool
    def get_weather(city: str) -> str:
        calls.append(city)
        return "sunny"

    client = AsyncOpenAI(base_url=URL + "/v1", api_key="none", max_retries=0)
    for name, model in (("responses", OpenAIResponsesModel), ("chat", OpenAIChatCompletionsModel)):
        agent = Agent(name="agent", model=model("any", client), tools=[get_weather])
        whole = await Runner.run(agent, PROMPT)
        stream, pieces = Runner.run_streamed(agent, PROMPT), []
        async for event in stream.stream_events():
            if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
                pieces.append(event.data.delta)
        try:
            await Runner.run(agent, "[fail]")
            error = None
        except Exception as raised:
            error = told(raised)
        seen[name] = {
            "text": whole.final_output,
            "streamed": stream.final_output,
            "pieces": pieces,
            "usage": [whole.context_wrapper.usage.total_tokens],
            "error": error,
        }
    return {"seen": seen, "calls": calls}


if __name__ == "__main__":
    found = {"litellm": with_litellm, "langchain-openai": with_langchain}.get(WHICH)
    print(json.dumps(found() if found else asyncio.run(with_agents())))
