# cause: bloqueado hasta que acaba
async def offload(fn):
    with ThreadPoolExecutor() as pool:
        return pool.submit(fn).result()
