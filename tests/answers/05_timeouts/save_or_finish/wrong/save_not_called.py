# cause: ¿faltan los paréntesis?
# fails: test_save_or_finish_a, test_save_or_finish_b
async def save_or_finish(save):
    return await asyncio.shield(save)
