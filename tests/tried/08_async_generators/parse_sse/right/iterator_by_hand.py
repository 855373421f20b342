async def parse_sse(lines):
    source = aiter(lines)
    data, event, id_ = None, None, ""
    while True:
        try:
            line = await anext(source)
        except StopAsyncIteration:
            return
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if line == "":
            if data is not None:
                yield {"data": data, "event": event or "message", "id": id_}
            data = event = None
        elif name == "data":
            data = value if data is None else f"{data}\n{value}"
        elif name == "event":
            event = value
        elif name == "id":
            id_ = value
