# cause: M21
class Bucket:
    def __init__(self, rate, burst):
        self.rate, self.burst, self.level = rate, burst, float(burst)
        self.at = asyncio.get_running_loop().time()
        self.lock = asyncio.Lock()

    async def take(self):
        async with self.lock:
            while True:
                now = asyncio.get_running_loop().time()
                self.level = min(self.burst, self.level + (now - self.at) * self.rate)
                self.at = now
                if self.level >= 1 - 1e-9:
                    self.level -= 1
                    return
                await asyncio.sleep((1 - self.level) / self.rate)


async def check_links(urls, client, *, limit, rate, burst=1, timeout, retries, on_event):
    slots, bucket, rows = asyncio.Semaphore(limit), Bucket(rate, burst), {}

    async def attempt(url):
        async with slots:
            await bucket.take()
            try:
                async with asyncio.timeout(timeout):
                    response = await client.get(url)
                return response.status_code, None
            except (TimeoutError, httpx.TimeoutException):
                return None, "timeout"
            except httpx.TooManyRedirects:
                return None, "redirects"
            except httpx.TransportError:
                return None, "connection"

    async def check(url):
        for k in range(retries + 1):
            status, error = await attempt(url)
            again = error == "timeout" or status == 429 or (status or 0) >= 500
            if not again or k == retries:
                break
            await asyncio.sleep(min(0.5 * 2**k, 4))
        rows[url] = {"url": url, "status": status, "attempts": k + 1, "error": error}
        on_event(rows[url])

    todo = list(dict.fromkeys(urls))
    for start in range(0, len(todo), limit):
        await asyncio.gather(*map(check, todo[start:start + limit]))
    return [rows[url] for url in urls]


async def progress(urls, client, **options):
    queue, end = asyncio.Queue(), object()

    async def work():
        try:
            await check_links(urls, client, on_event=queue.put_nowait, **options)
        finally:
            queue.put_nowait(end)

    task = asyncio.create_task(work())
    try:
        while (row := await queue.get()) is not end:
            yield f"data: {json.dumps(row)}\n\n"
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
