# cause: devuelves tareas
# fails: test_dashboard_a, test_dashboard_b
async def dashboard(user, posts, ads):
    task = asyncio.create_task(ads())
    u = await user()
    p = await posts(u)
    return u, p, task
