# cause: sigue esperando
async def dashboard(user, posts, ads):
    a = asyncio.create_task(ads())
    u = await user()
    p = asyncio.create_task(posts(u))
    await asyncio.sleep(10)
    return u, p.result(), a.result()
