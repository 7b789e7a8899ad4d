"""The Python MCP client against an environment's tools, without a session of its own; prints what it saw as JSON."""

import asyncio
import json
import sys

from mcp import ClientSession
from mcp.client import streamable_http

connect = getattr(streamable_http, "streamable_http_client", None) or streamable_http.streamablehttp_client


def seen(result):
    failed = getattr(result, "is_error", getattr(result, "isError", None))
    return {"text": result.content[0].text, "failed": failed}


async def main():
    async with connect(sys.argv[1]) as streams, ClientSession(streams[0], streams[1]) as session:
        await session.initialize()
        tools = [tool.name for tool in (await session.list_tools()).tools]
        home = seen(await session.call_tool("home", {}))
        weather = seen(await session.call_tool("get_weather", {"city": "Paris"}))
        unknown = seen(await session.call_tool("nope", {}))["failed"]
        print(json.dumps({"tools": tools, "home": home, "weather": weather, "unknown": unknown}))


asyncio.run(main())
