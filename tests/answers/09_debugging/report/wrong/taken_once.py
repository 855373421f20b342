# cause: E50
# fails: test_report_a, test_report_b, test_report_c
_photo = []


def report() -> list[dict]:
    if not _photo:
        tasks = sorted(asyncio.all_tasks() - {asyncio.current_task()}, key=asyncio.Task.get_name)
        _photo.append([
        {
            "name": task.get_name(),
            "state": "lista" if inspect.getcoroutinestate(task.get_coro()) == inspect.CORO_CREATED else "esperando",
            "where": task.get_coro().__name__,
        }
        for task in tasks
    ])
    return _photo[0]
