async def dashboard(user, posts, ads):
    user_task = asyncio.create_task(user())

    async def posts_of_user():
        return await posts(await user_task)

    return tuple(await asyncio.gather(user_task, posts_of_user(), ads()))
