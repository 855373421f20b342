# cause: entrega con `yield`
async def parse_sse(lines):
    return [{"data": line, "event": "message", "id": ""} async for line in lines if line]
