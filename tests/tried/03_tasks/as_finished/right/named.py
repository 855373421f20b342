from typing import NamedTuple, Any
class Pair(NamedTuple):
    item: Any
    result: Any
async def as_finished(fn, items):
    async def pair(i):
        return Pair(i, await fn(i))
    ts = [asyncio.create_task(pair(i)) for i in items]
    try:
        for c in asyncio.as_completed(ts):
            yield await c
    finally:
        for t in ts:
            t.cancel()
