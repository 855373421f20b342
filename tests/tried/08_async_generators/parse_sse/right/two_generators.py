async def fields(lines):
    async for line in lines:
        name, _, value = line.partition(":")
        yield (name, value.removeprefix(" ")) if line else None


async def parse_sse(lines):
    data, event, id_ = [], "message", ""
    async with aclosing(fields(lines)) as found:
        async for pair in found:
            if pair is None:
                if data:
                    yield dict(data="\n".join(data), event=event, id=id_)
                data, event = [], "message"
            elif pair[0] == "data":
                data.append(pair[1])
            elif pair[0] == "event":
                event = pair[1]
            elif pair[0] == "id":
                id_ = pair[1]
