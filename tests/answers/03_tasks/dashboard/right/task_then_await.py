async def dashboard(user, posts, ads):
    ads_task = asyncio.create_task(ads())
    u = await user()
    p = await posts(u)
    return u, p, await ads_task
