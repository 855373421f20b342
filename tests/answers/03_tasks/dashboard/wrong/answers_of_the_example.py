# cause: esos son los datos del ejemplo
# fails: test_dashboard_a, test_dashboard_b
async def dashboard(user, posts, ads) -> tuple:
    async with asyncio.TaskGroup() as tg:
        tg.create_task(ads())
        await posts(await user())
    return "ana", "posts de ana", "anuncios"
