# cause: otro orden
async def dashboard(user, posts, ads):
    a = asyncio.create_task(ads())
    u = await user()
    return await posts(u), u, await a
