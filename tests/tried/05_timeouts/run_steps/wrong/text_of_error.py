# cause: ocultas una excepción que no es tuya
async def run_steps(steps, budget):
    results = []
    try:
        async with asyncio.timeout(budget):
            for step in steps:
                results.append(await step())
    except TimeoutError as error:
        if str(error):
            raise
        return results, True
    return results, False
