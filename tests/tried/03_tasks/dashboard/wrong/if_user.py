# cause: falso
async def dashboard(user, posts, ads):
    a = asyncio.create_task(ads())
    u = await user()
    p = await posts(u) if u else []
    return u, p, await a
