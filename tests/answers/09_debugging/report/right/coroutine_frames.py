def report() -> list[dict]:
    rows = []
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in sorted(others, key=asyncio.Task.get_name):
        coro = task.get_coro()
        started = coro.cr_await is not None
        rows.append(
            {"name": task.get_name(), "state": ("lista", "esperando")[started], "where": coro.cr_frame.f_code.co_name}
        )
    return rows
