async def parse_sse(lines):
    data, event, last = None, "message", ""
    async for line in lines:
        match line.partition(":"):
            case ("", "", ""):
                if data is not None:
                    yield dict(data=data, event=event, id=last)
                data, event = None, "message"
            case ("data", _, value):
                value = value.removeprefix(" ")
                data = value if data is None else data + "\n" + value
            case ("event", _, value):
                event = value.removeprefix(" ")
            case ("id", _, value):
                last = value.removeprefix(" ")
