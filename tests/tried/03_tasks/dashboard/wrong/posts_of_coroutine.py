# cause: posts
async def dashboard(user, posts, ads):
    u, p, a = await asyncio.gather(user(), posts(user()), ads())
    return u, p, a
