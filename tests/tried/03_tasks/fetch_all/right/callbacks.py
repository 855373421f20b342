async def fetch_all(ids, fetch):
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    results = [None] * len(ids)
    left = len(ids)
    def put(n, t):
        nonlocal left
        results[n] = t.result()
        left -= 1
        if not left:
            done.set_result(results)
    tasks = []
    for n, i in enumerate(ids):
        t = loop.create_task(fetch(i))
        t.add_done_callback(lambda t, n=n: put(n, t))
        tasks.append(t)
    return await done if ids else []
