# cause: `save` no se llama
async def save_or_finish(save):
    pass
