# cause: E50
# fails: test_report_a, test_report_c
def report() -> list[dict]:
    # Stands for the order of a set, which changes from run to run: always one that is not sorted.
    tasks = sorted(asyncio.all_tasks() - {asyncio.current_task()}, key=asyncio.Task.get_name, reverse=True)
    return [
        {
            "name": task.get_name(),
            "state": "lista" if inspect.getcoroutinestate(task.get_coro()) == inspect.CORO_CREATED else "esperando",
            "where": task.get_coro().__name__,
        }
        for task in tasks
    ]
