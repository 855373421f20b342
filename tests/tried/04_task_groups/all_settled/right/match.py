async def all_settled(*coros):
    def tell(result):
        match result:
            case BaseException():
                return {"status": "rejected", "reason": result}
            case _:
                return {"status": "fulfilled", "value": result}
    return [*map(tell, await asyncio.gather(*coros, return_exceptions=True))]
