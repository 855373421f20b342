# cause: M08
# fails: test_dashboard_b
async def dashboard(user, posts, ads):
    banner = ads()
    u = await user()
    p = await posts(u)
    return u, p, await banner
