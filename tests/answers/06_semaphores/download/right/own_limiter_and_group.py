async def download(urls, get, rate, burst, limit):
    semaphore = asyncio.Semaphore(limit)
    loop = asyncio.get_running_loop()
    full_at = 0.0

    async def token():
        nonlocal full_at
        full_at = max(full_at, loop.time()) + 1 / rate
        await asyncio.sleep(max(0, full_at - burst / rate - loop.time()))

    async def one(url):
        async with semaphore:
            await token()
            try:
                return await get(url)
            except Exception as error:
                return error

    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(one(url)) for url in urls]
    return [task.result() for task in tasks]
