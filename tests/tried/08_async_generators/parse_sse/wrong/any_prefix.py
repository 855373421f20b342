# cause: entero
async def parse_sse(lines):
    data, event, id_ = [], "message", ""
    async for line in lines:
        if not line:
            if data:
                yield {"data": "\n".join(data), "event": event, "id": id_}
            data, event = [], "message"
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field.startswith("data"):
            data.append(value)
        elif field == "event":
            event = value
        elif field == "id":
            id_ = value
