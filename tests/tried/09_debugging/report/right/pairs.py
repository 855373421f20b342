def report():
    found = []
    current = asyncio.current_task()
    for task in asyncio.all_tasks():
        if task is not current:
            found.append((task.get_name(), id(task), task))
    found.sort()
    return [{"name": name, "state": "lista" if inspect.getcoroutinestate(t.get_coro()) == "CORO_CREATED" else "esperando", "where": t.get_coro().__name__} for name, _, t in found]
