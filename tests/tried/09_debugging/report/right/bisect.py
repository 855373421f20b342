from bisect import insort
def report():
    rows = []
    for t in asyncio.all_tasks() - {asyncio.current_task()}:
        new = t.get_coro().cr_frame.f_lasti < t.get_coro().cr_frame.f_lasti + 1 and inspect.getcoroutinestate(t.get_coro()) == inspect.CORO_CREATED
        insort(rows, {"name": t.get_name(), "state": "lista" if new else "esperando", "where": t.get_coro().__name__}, key=lambda r: r["name"])
    return rows
