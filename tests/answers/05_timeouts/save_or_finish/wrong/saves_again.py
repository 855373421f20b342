# cause: más de una vez
# fails: test_save_or_finish_a, test_save_or_finish_b
async def save_or_finish(save):
    try:
        return await save()
    except asyncio.CancelledError:
        await save()
        raise
