# cause: E34
# fails: test_check_links_b, test_check_links_h
async def check_links(
    urls: list[str], client: httpx.AsyncClient, *, limit: int, rate: float, burst: int = 1,
    timeout: float, retries: int, on_event,
) -> list[dict]:
    """Comprueba cada URL distinta una vez; devuelve un dict por URL, en orden."""
    slots, pace = asyncio.Semaphore(limit), Pace(rate, burst)

    async def attempt(url: str) -> tuple[int | None, str | None]:
        async with slots:
            await pace.permit()  # con el hueco ya tomado: nadie acumula permisos
            try:
                async with asyncio.timeout(timeout):
                    response = await client.get(url)
            except (TimeoutError, httpx.TimeoutException):
                return None, "timeout"
            except httpx.TooManyRedirects:
                return None, "redirects"
            except httpx.TransportError:
                return None, "connection"
            return response.status_code, None

    async def check(url: str) -> dict:
        for attempts in range(1, retries + 2):
            if attempts > 1:
                await asyncio.sleep(min(0.5 * 2 ** (attempts - 2), 4))
            status, error = await attempt(url)
            if not is_passing(status, error):
                break
        row = {"url": url, "status": status, "attempts": attempts, "error": error}
        on_event(row)
        return row

    async with asyncio.TaskGroup() as tg:
        tasks = {url: tg.create_task(check(url), name=f"check({url})") for url in dict.fromkeys(urls)}
    return [tasks[url].result() for url in urls]


def is_passing(status: int | None, error: str | None) -> bool:
    """Dice si el fallo puede ser pasajero: solo entonces tiene sentido otro intento."""
    return error == "timeout" or (status is not None and (status == 429 or status >= 500))


class Pace:
    def __init__(self, rate, burst):
        self.rate, self.burst, self.tokens = rate, burst, burst
        self.last_refill = asyncio.get_running_loop().time()
        self.lock = asyncio.Lock()

    async def permit(self):
        async with self.lock:
            now = asyncio.get_running_loop().time()
            self.tokens = min(self.burst, self.tokens + (now - self.last_refill) * self.rate)
            self.last_refill = now
            if self.tokens < 1:
                await asyncio.sleep((1 - self.tokens) / self.rate)
                self.tokens = 1
            self.tokens -= 1


async def progress(urls: list[str], client: httpx.AsyncClient, **options):
    """Entrega cada resultado como un evento SSE; al cerrarse, cancela la comprobación."""
    rows = asyncio.Queue()
    task = asyncio.create_task(check_links(urls, client, on_event=rows.put_nowait, **options))
    task.add_done_callback(lambda _: rows.put_nowait(None))
    try:
        while (row := await rows.get()) is not None:
            yield f"data: {json.dumps(row)}\n\n"
        await task  # si falló, que se sepa
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
