def fields(block):
    pairs = []
    for line in block:
        name, *rest = line.split(":", 1)
        value = rest[0] if rest else ""
        pairs.append((name, value[1:] if value.startswith(" ") else value))
    return pairs


async def parse_sse(lines):
    block, last = [], ""
    async for line in lines:
        if line:
            block.append(line)
            continue
        pairs = fields(block)
        block = []
        data = [value for name, value in pairs if name == "data"]
        last = ([last] + [value for name, value in pairs if name == "id"])[-1]
        event = (["message"] + [value for name, value in pairs if name == "event"])[-1]
        if data:
            yield {"data": "\n".join(data), "event": event, "id": last}
