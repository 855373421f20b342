def report():
    rows = []
    for t in sorted(asyncio.all_tasks() - {asyncio.current_task()}, key=lambda t: t.get_name()):
        rows.append({"name": t.get_name()})
        rows[-1]["where"] = t.get_coro().__qualname__.rpartition(".")[2]
        rows[-1]["state"] = ["lista", "esperando"][inspect.getcoroutinestate(t.get_coro()) == inspect.CORO_SUSPENDED]
    return rows
