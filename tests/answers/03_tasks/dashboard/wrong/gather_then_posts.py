# cause: `posts` no necesita esperar a `ads`
# fails: test_dashboard_b
async def dashboard(user, posts, ads):
    u, a = await asyncio.gather(user(), ads())
    return u, await posts(u), a
