class Won(BaseException):
    def __init__(self, value):
        self.value = value
async def any_(*coros):
    errors = []
    won = None
    async def one(c, tg):
        nonlocal won
        try:
            v = await c
        except Exception as e:
            errors.append(e)
        else:
            if won is None:
                won = [v]
                for t in ts:
                    if t is not asyncio.current_task():
                        t.cancel()
    async with asyncio.TaskGroup() as tg:
        ts = [tg.create_task(one(c, tg)) for c in coros]
    if won:
        return won[0]
    raise ExceptionGroup("todas", errors)
