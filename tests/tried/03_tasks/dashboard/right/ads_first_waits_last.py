async def dashboard(user, posts, ads):
    a = asyncio.create_task(ads())
    try:
        u = await user()
        p = await posts(u)
        return (u, p, await a)
    finally:
        a.cancel()
