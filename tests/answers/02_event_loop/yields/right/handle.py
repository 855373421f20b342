async def yields(fn) -> bool:
    state = {"turned": False}

    def flag():
        state["turned"] = True

    handle = asyncio.get_running_loop().call_soon(flag)
    await fn()
    handle.cancel()
    return state["turned"]
