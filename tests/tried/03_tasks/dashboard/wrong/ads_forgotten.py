# cause: ads
async def dashboard(user, posts, ads):
    u = await user()
    return u, await posts(u), ads
