# cause: falso
async def dashboard(user, posts, ads):
    a = asyncio.create_task(ads())
    u = await user() or "invitado"
    return u, await posts(u), await a
