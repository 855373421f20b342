# cause: incluyes la tarea que llama
def report() -> list[dict]:
    rows = []
    for task in asyncio.all_tasks():
        created = inspect.getcoroutinestate(task.get_coro()) == inspect.CORO_CREATED
        rows.append({"name": task.get_name(), "state": "lista" if created else "esperando", "where": task.get_coro().__name__})
    return sorted(rows, key=lambda row: row["name"])
