# cause: async
def all_settled(*coros):
    results = asyncio.gather(*coros, return_exceptions=True)
    return [{"status": "fulfilled", "value": r} for r in results]
