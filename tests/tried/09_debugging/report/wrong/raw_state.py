# cause: `lista` o `esperando`
def report() -> list[dict]:
    rows = []
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        created = inspect.getcoroutinestate(task.get_coro()) == inspect.CORO_CREATED
        rows.append({"name": task.get_name(), "state": inspect.getcoroutinestate(task.get_coro()), "where": task.get_coro().__name__})
    return sorted(rows, key=lambda row: row["name"])
