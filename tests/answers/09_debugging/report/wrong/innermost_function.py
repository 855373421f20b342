# cause: la función de la tarea
# fails: test_report_a
def report() -> list[dict]:
    rows = []
    for task in sorted(asyncio.all_tasks() - {asyncio.current_task()}, key=asyncio.Task.get_name):
        coro = task.get_coro()
        state = "lista" if inspect.getcoroutinestate(coro) == inspect.CORO_CREATED else "esperando"
        while inspect.iscoroutine(coro.cr_await):
            coro = coro.cr_await
        rows.append({"name": task.get_name(), "state": state, "where": coro.cr_code.co_name})
    return rows
