# cause: return
async def dashboard(user, posts, ads):
    a = asyncio.create_task(ads())
    u = await user()
    p = await posts(u)
    await a
