# cause: todos juntos
async def one_by_one(lines):
    data, event, id_ = [], "message", ""
    async for line in lines:
        if not line:
            if data:
                yield {"data": "\n".join(data), "event": event, "id": id_}
            data, event = [], "message"
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            data.append(value)
        elif field == "event":
            event = value
        elif field == "id":
            id_ = value


async def parse_sse(lines):
    found = [message async for message in one_by_one(lines)]
    for message in found:
        yield message
