async def parse_sse(lines):
    last = {"id": ""}
    current = {}
    async for line in lines:
        if line == "":
            if "data" in current:
                yield {"data": current["data"], "event": current.get("event", "message"), "id": last["id"]}
            current = {}
        elif not line.startswith(":"):
            name, colon, value = line.partition(":")
            if colon and value[:1] == " ":
                value = value[1:]
            if name == "data":
                current["data"] = current["data"] + "\n" + value if "data" in current else value
            elif name == "event":
                current["event"] = value
            elif name == "id":
                last["id"] = value
