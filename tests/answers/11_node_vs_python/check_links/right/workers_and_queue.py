async def check_links(urls, client, *, limit, rate, burst=1, timeout, retries, on_event):
    """Trabajadores que comparten una cola y un limitador."""
    rows, queue = {}, asyncio.Queue()
    pace = Bucket(rate, burst)
    for url in dict.fromkeys(urls):
        queue.put_nowait(url)

    async def worker():
        while not queue.empty():
            url = queue.get_nowait()
            rows[url] = await check_one(url, client, pace, timeout, retries)
            on_event(rows[url])

    async with asyncio.TaskGroup() as tg:
        for _ in range(limit):
            tg.create_task(worker())
    return [rows[url] for url in urls]


async def check_one(url, client, pace, timeout, retries):
    attempts, wait = 0, 0.5
    while True:
        attempts += 1
        status = error = None
        await pace.take()
        try:
            async with asyncio.timeout(timeout):
                status = (await client.get(url)).status_code
        except TimeoutError:
            error = "timeout"
        except httpx.TimeoutException:
            error = "timeout"
        except httpx.TooManyRedirects:
            error = "redirects"
        except httpx.HTTPError:
            error = "connection"
        again = error == "timeout" or status == 429 or (status or 0) // 100 == 5
        if not again or attempts > retries:
            return {"url": url, "status": status, "attempts": attempts, "error": error}
        await asyncio.sleep(min(wait, 4))
        wait *= 2


class Bucket:
    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.tokens, self.at = burst, asyncio.get_running_loop().time()
        self.lock = asyncio.Lock()

    async def take(self):
        async with self.lock:
            self.refill()
            if self.tokens < 1 - 1e-9:
                await asyncio.sleep((1 - self.tokens) / self.rate)
                self.refill()
            self.tokens -= 1

    def refill(self):
        now = asyncio.get_running_loop().time()
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now


async def progress(urls, client, **options):
    queue = asyncio.Queue()

    async def run():
        try:
            await check_links(urls, client, on_event=queue.put_nowait, **options)
        finally:
            queue.put_nowait(None)

    task = asyncio.create_task(run())
    try:
        while True:
            row = await queue.get()
            if row is None:
                await task
                return
            yield "data: " + json.dumps(row) + "\n\n"
    finally:
        task.cancel()
        await asyncio.wait([task])
