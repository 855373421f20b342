# cause: por cada línea `data`
async def parse_sse(lines):
    event, id_ = "message", ""
    async for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            yield {"data": value, "event": event, "id": id_}
        elif field == "event":
            event = value
        elif field == "id":
            id_ = value
