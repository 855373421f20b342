from typing import Any, TypedDict
class Settled(TypedDict, total=False):
    status: str
    value: Any
    reason: BaseException
async def all_settled(*coros):
    def tell(t):
        e = t.exception()
        return Settled(status="fulfilled", value=t.result()) if e is None else Settled(status="rejected", reason=e)
    ts = [asyncio.create_task(c) for c in coros]
    try:
        if ts:
            await asyncio.wait(ts)
    finally:
        for t in ts:
            t.cancel()
    return [tell(t) for t in ts]
