# cause: todos juntos
# fails: test_parse_sse_c
async def parse_sse(lines):
    blocks, block = [], []
    async for line in lines:
        if line:
            block.append(line)
        else:
            blocks.append(block)
            block = []
    last = ""
    for block in blocks:
        data, event = [], "message"
        for line in block:
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "data":
                data.append(value)
            elif field == "event":
                event = value
            elif field == "id":
                last = value
        if data:
            yield {"data": "\n".join(data), "event": event, "id": last}
