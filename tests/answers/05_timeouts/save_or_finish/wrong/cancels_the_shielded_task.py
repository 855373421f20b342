# cause: la cancelación llega hasta `save`
# fails: test_save_or_finish_a, test_save_or_finish_b
async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        return await asyncio.shield(task)
    finally:
        task.cancel()
        await asyncio.wait([task])
