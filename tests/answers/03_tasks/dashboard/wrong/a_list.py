# cause: una tupla
# fails: test_dashboard_a
async def dashboard(user, posts, ads):
    task = asyncio.create_task(ads())
    u = await user()
    return [u, await posts(u), await task]
