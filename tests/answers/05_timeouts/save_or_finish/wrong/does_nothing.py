# cause: no llamas a `save`
async def save_or_finish(save):
    pass
