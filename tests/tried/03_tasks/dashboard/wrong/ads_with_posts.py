# cause: ¿por qué no empieza en t = 0?
async def dashboard(user, posts, ads):
    u = await user()
    p, a = await asyncio.gather(posts(u), ads())
    return u, p, a
