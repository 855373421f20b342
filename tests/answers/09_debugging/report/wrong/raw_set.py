# cause: E50
def report() -> list[dict]:
    return [
        {
            "name": task.get_name(),
            "state": "lista" if inspect.getcoroutinestate(task.get_coro()) == inspect.CORO_CREATED else "esperando",
            "where": task.get_coro().__name__,
        }
        for task in asyncio.all_tasks() - {asyncio.current_task()}
    ]
