# cause: un diccionario con
async def parse_sse(lines):
    data = []
    async for line in lines:
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            yield {"data": "\n".join(data)}
            data = []
