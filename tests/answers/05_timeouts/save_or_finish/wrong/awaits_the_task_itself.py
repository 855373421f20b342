# cause: la cancelación llega hasta `save`
# fails: test_save_or_finish_a, test_save_or_finish_b
async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        return await task
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
