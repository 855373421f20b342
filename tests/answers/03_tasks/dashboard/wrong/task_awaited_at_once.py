# cause: M08
# fails: test_dashboard_b
async def dashboard(user, posts, ads):
    a = await asyncio.create_task(ads())
    u = await asyncio.create_task(user())
    p = await asyncio.create_task(posts(u))
    return u, p, a
