# cause: `posts` no recibió el usuario
# cause: antes de tener el usuario
# fails: test_dashboard_a, test_dashboard_b
async def dashboard(user, posts, ads):
    async with asyncio.TaskGroup() as tg:
        ads_task = tg.create_task(ads())
        user_task = tg.create_task(user())
        p = await posts(user_task)
    return user_task.result(), p, ads_task.result()
