# cause: anteriores
flag = False


async def yields(fn):
    def turn():
        global flag
        flag = True

    asyncio.get_running_loop().call_soon(turn)
    await fn()
    return flag
