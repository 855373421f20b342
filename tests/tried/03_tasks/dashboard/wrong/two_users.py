# cause: dos veces
async def dashboard(user, posts, ads):
    a = asyncio.create_task(ads())
    p = asyncio.create_task(posts(await user()))
    return await user(), await p, await a
