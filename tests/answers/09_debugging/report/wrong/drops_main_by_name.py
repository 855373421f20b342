# cause: quitas a `main`
# fails: test_report_b
def report() -> list[dict]:
    tasks = [task for task in asyncio.all_tasks() if task.get_name() not in ("main", "ask")]
    return [
        {
            "name": task.get_name(),
            "state": "lista" if inspect.getcoroutinestate(task.get_coro()) == inspect.CORO_CREATED else "esperando",
            "where": task.get_coro().__name__,
        }
        for task in sorted(tasks, key=asyncio.Task.get_name)
    ]
