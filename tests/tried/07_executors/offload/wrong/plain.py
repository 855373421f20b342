# cause: hilo del bucle
async def offload(fn):
    return fn()
