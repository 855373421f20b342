# cause: no devuelves lo que da `save`
# fails: test_save_or_finish_b
async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
    return "recibo"
