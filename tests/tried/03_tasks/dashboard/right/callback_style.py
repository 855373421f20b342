async def dashboard(user, posts, ads):
    loop = asyncio.get_running_loop()
    a = loop.create_task(ads())
    u = await loop.create_task(user())
    return u, await loop.create_task(posts(u)), await a
