async def dashboard(user, posts, ads):
    got = asyncio.get_running_loop().create_future()
    async def first():
        got.set_result(await user())
    async def second():
        return await posts(await got)
    async with asyncio.TaskGroup() as tg:
        tg.create_task(first())
        p = tg.create_task(second())
        a = tg.create_task(ads())
    return got.result(), p.result(), a.result()
