import re

LINE = re.compile(r"(data|event|id)(?:: ?(.*))?")


async def parse_sse(lines):
    data, event, id_ = [], "message", ""
    async for line in lines:
        if not line:
            if data:
                yield {"id": id_, "event": event, "data": "\n".join(data)}
            data, event = [], "message"
        elif found := LINE.fullmatch(line):
            value = found[2] or ""
            match found[1]:
                case "data":
                    data.append(value)
                case "event":
                    event = value
                case "id":
                    id_ = value
