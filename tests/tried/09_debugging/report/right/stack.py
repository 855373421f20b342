def report():
    tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
    tasks.sort(key=lambda t: t.get_name())
    return [
        dict(where=t.get_stack(limit=1)[0].f_code.co_name, name=t.get_name(),
             state={"CORO_CREATED": "lista"}.get(inspect.getcoroutinestate(t.get_coro()), "esperando"))
        for t in tasks
    ]
