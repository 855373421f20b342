# cause: E50
# fails: test_report_a
def report() -> list[dict]:
    tasks = sorted(asyncio.all_tasks() - {asyncio.current_task()}, key=asyncio.Task.get_name)
    return [{"name": t.get_name(), "state": t.done(), "where": t.get_coro().__name__} for t in tasks]
