from collections import namedtuple
Page = namedtuple("Page", "user posts ads")
async def dashboard(user, posts, ads):
    async with asyncio.TaskGroup() as tg:
        a = tg.create_task(ads())
        u = await user()
        p = await posts(u)
    return Page(u, p, a.result())
