# cause: await
async def dashboard(user, posts, ads):
    u = user()
    a = asyncio.create_task(ads())
    return await u, await posts(u), await a
