# cause: M08
# fails: test_all_settled_a, test_all_settled_b
async def all_settled(*coros):
    settled = []
    for coro in coros:
        try:
            settled.append({"status": "fulfilled", "value": await coro})
        except Exception as error:
            settled.append({"status": "rejected", "reason": error})
    return settled
