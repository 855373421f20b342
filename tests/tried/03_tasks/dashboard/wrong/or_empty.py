# cause: falsa
async def dashboard(user, posts, ads):
    a = asyncio.create_task(ads())
    u = await user()
    p = await posts(u)
    return u, p or [], (await a) or []
