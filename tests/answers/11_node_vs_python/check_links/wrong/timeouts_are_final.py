# cause: un tiempo límite es pasajero
# fails: test_check_links_c
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
            if error == "timeout" or not is_passing(status, error):
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
    """Da `burst` permisos de golpe y después uno cada `1 / rate` s, en orden de llegada."""

    def __init__(self, rate: float, burst: int) -> None:
        self.interval, self.burst = 1 / rate, burst
        self.full_at = float("-inf")  # cuándo volverá a estar lleno el cubo

    async def permit(self) -> None:
        now = asyncio.get_running_loop().time()
        self.full_at = max(self.full_at, now) + self.interval  # reserva antes de esperar
        await asyncio.sleep(max(0.0, self.full_at - self.burst * self.interval - now))


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
