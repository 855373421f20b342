# cause: cada llamada antes de iniciar
async def dashboard(user, posts, ads):
    u = await user()
    p = await posts(u)
    return u, p, await ads()
