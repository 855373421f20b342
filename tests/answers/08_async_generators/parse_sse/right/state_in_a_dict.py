async def parse_sse(lines):
    message, last = {}, ""
    async for line in lines:
        if line == "":
            if "data" in message:
                yield {"data": message["data"], "event": message.get("event", "message"), "id": last}
            message = {}
            continue
        name, _, value = line.partition(":")
        if value[:1] == " ":
            value = value[1:]
        if name == "data":
            message["data"] = f"{message['data']}\n{value}" if "data" in message else value
        elif name == "event":
            message["event"] = value
        elif name == "id":
            last = value
