# cause: nombre
def report() -> list[dict]:
    rows = []
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        created = inspect.getcoroutinestate(task.get_coro()) == inspect.CORO_CREATED
        rows.append({"name": task, "state": "lista" if created else "esperando", "where": task.get_coro().__name__})
    return sorted(rows, key=lambda row: row["name"])
