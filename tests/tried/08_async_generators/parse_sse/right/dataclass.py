from dataclasses import dataclass, field


@dataclass
class Draft:
    data: list = field(default_factory=list)
    event: str = "message"


async def parse_sse(lines):
    draft, id_ = Draft(), ""
    async for line in lines:
        if not line:
            if draft.data:
                yield {"data": "\n".join(draft.data), "event": draft.event, "id": id_}
            draft = Draft()
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "id":
            id_ = value
        elif name == "data":
            draft.data.append(value)
        elif name == "event":
            draft.event = value
