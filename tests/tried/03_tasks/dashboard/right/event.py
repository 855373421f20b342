async def dashboard(user, posts, ads):
    ready = asyncio.Event()
    page = {}
    async def a():
        page["ads"] = await ads()
    async def u():
        page["user"] = await user()
        ready.set()
    async def p():
        await ready.wait()
        page["posts"] = await posts(page["user"])
    await asyncio.gather(a(), u(), p())
    return page["user"], page["posts"], page["ads"]
