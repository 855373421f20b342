# cause: están los tres, pero en otro orden
# fails: test_dashboard_a
async def dashboard(user, posts, ads):
    task = asyncio.create_task(ads())
    u = await user()
    p = await posts(u)
    return u, await task, p
