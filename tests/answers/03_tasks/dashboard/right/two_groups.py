async def dashboard(user, posts, ads):
    async with asyncio.TaskGroup() as outer:
        third = outer.create_task(ads())
        async with asyncio.TaskGroup() as inner:
            first = inner.create_task(user())
        second = outer.create_task(posts(first.result()))
    return (first.result(), second.result(), third.result())
