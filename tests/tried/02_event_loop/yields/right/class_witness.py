class Witness:
    def __init__(self):
        self.called = False

    def __call__(self):
        self.called = True


async def yields(fn):
    witness = Witness()
    asyncio.get_event_loop().call_soon(witness)
    await fn()
    return witness.called
