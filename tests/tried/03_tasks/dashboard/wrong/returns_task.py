# cause: devuelves tareas
async def dashboard(user, posts, ads):
    a = asyncio.create_task(ads())
    u = await user()
    return u, await posts(u), a
