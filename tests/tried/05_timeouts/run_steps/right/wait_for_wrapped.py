class StepFailed(Exception):
    pass


async def run_steps(steps, budget):
    results = []

    async def work():
        for step in steps:
            try:
                results.append(await step())
            except Exception as error:
                raise StepFailed from error

    try:
        await asyncio.wait_for(work(), budget)
    except TimeoutError:
        return results, True
    except StepFailed as failed:
        raise failed.__cause__
    return results, False
