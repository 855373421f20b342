async def parse_sse(lines):
    state = {"id": ""}
    fields = []
    async for line in lines:
        if line:
            fields.append((line + ":").split(":", 1) if ":" not in line else line.split(":", 1))
            if fields[-1][0] == "id":
                state["id"] = fields[-1][1].removeprefix(" ")
            continue
        data = [value.removeprefix(" ") for name, value in fields if name == "data"]
        event = ["message"] + [value.removeprefix(" ") for name, value in fields if name == "event"]
        if data:
            yield {"data": "\n".join(data), "event": event[-1], "id": state["id"]}
        fields = []
