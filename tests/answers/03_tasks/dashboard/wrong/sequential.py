# cause: M08
# fails: test_dashboard_b
async def dashboard(user, posts, ads):
    u = await user()
    p = await posts(u)
    a = await ads()
    return u, p, a
