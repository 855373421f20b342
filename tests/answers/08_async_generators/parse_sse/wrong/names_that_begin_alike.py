# cause: el nombre del campo cuenta entero
# fails: test_parse_sse_b
async def parse_sse(lines):
    data, event, id_ = [], "message", ""
    async for line in lines:
        value = line.partition(":")[2].removeprefix(" ")
        if not line:
            if data:
                yield {"data": "\n".join(data), "event": event, "id": id_}
            data, event = [], "message"
        elif line.startswith("data"):
            data.append(value)
        elif line.startswith("event"):
            event = value
        elif line.startswith("id"):
            id_ = value
