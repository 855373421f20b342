# cause: ocultas una excepción que no es tuya
async def run_steps(steps, budget):
    results, limit = [], asyncio.timeout(budget)
    try:
        async with limit:
            for step in steps:
                try:
                    results.append(await step())
                except Exception:
                    continue
    except TimeoutError:
        pass
    return results, limit.expired()
