# cause: no devuelve
# fails: test_report_a, test_report_b, test_report_c
def report() -> list[dict]:
    for task in sorted(asyncio.all_tasks() - {asyncio.current_task()}, key=asyncio.Task.get_name):
        print({
            "name": task.get_name(),
            "state": "lista" if inspect.getcoroutinestate(task.get_coro()) == inspect.CORO_CREATED else "esperando",
            "where": task.get_coro().__name__,
        })
