def report() -> list[dict]:
    rows = [
        {
            "name": task.get_name(),
            "state": "lista" if inspect.getcoroutinestate(task.get_coro()) == "CORO_CREATED" else "esperando",
            "where": task.get_stack()[-1].f_code.co_name,
        }
        for task in asyncio.all_tasks()
        if task is not asyncio.current_task()
    ]
    rows.sort(key=lambda row: row["name"])
    return rows
