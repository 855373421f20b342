# cause: esperas un tiempo fijo
# fails: test_save_or_finish_a, test_save_or_finish_b
async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.sleep(1)
        raise
