# cause: cambiada
async def offload(fn):
    try:
        return await asyncio.to_thread(fn)
    except Exception as error:
        raise RuntimeError("falló el hilo") from error
