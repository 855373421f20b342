async def dashboard(user, posts, ads):
    async def user_and_posts():
        u = await user()
        return u, await posts(u)

    (u, p), a = await asyncio.gather(user_and_posts(), ads())
    return u, p, a
