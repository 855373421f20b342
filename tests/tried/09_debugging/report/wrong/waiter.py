# cause: sleep(0)
def report() -> list[dict]:
    rows = []
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        created = task._fut_waiter is None
        rows.append({"name": task.get_name(), "state": "lista" if created else "esperando", "where": task.get_coro().__name__})
    return sorted(rows, key=lambda row: row["name"])
