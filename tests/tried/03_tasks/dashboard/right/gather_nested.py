async def dashboard(user, posts, ads):
    async def chain():
        u = await user()
        return u, await posts(u)
    a, (u, p) = await asyncio.gather(ads(), chain())
    return u, p, a
