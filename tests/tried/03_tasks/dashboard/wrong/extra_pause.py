# cause: qué esperas
async def dashboard(user, posts, ads):
    a = asyncio.create_task(ads())
    u = await user()
    await asyncio.sleep(0.5)
    return u, await posts(u), await a
