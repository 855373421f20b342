# cause: llamas dos veces
# fails: test_dashboard_a, test_dashboard_b
async def dashboard(user, posts, ads):
    async def posts_of_user():
        return await posts(await user())

    return tuple(await asyncio.gather(user(), posts_of_user(), ads()))
