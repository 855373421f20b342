def report() -> list[dict]:
    states = {inspect.CORO_CREATED: "lista", inspect.CORO_SUSPENDED: "esperando"}
    found = {}
    for task in asyncio.all_tasks():
        coro = task.get_coro()
        if state := states.get(inspect.getcoroutinestate(coro)):
            found[task.get_name()] = {"name": task.get_name(), "state": state, "where": coro.__name__}
    return [found[name] for name in sorted(found)]
