class Messages:
    def __init__(self):
        self.id = ""
        self.clear()

    def clear(self):
        self.data, self.event = [], "message"

    def take(self, line):
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self.data.append(value)
        elif name in ("event", "id"):
            setattr(self, name, value)


async def parse_sse(lines):
    messages = Messages()
    async for line in lines:
        if line:
            messages.take(line)
            continue
        if messages.data:
            yield {"data": "\n".join(messages.data), "event": messages.event, "id": messages.id}
        messages.clear()
