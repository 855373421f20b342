def dashboard(user, posts, ads):
    async def go():
        a = asyncio.create_task(ads())
        u = await user()
        return u, await posts(u), await a
    return go()
