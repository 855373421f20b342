async def dashboard(user, posts, ads):
    t1 = asyncio.ensure_future(user())
    t3 = asyncio.ensure_future(ads())
    await asyncio.wait([t1])
    t2 = asyncio.ensure_future(posts(t1.result()))
    await asyncio.wait([t2, t3])
    return tuple(t.result() for t in (t1, t2, t3))
