# cause: no necesita esperar a `ads`
async def dashboard(user, posts, ads):
    u, a = await asyncio.gather(user(), ads())
    return u, await posts(u), a
