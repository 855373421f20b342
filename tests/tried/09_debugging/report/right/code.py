def row(task):
    coro = task.get_coro()
    match inspect.getcoroutinestate(coro):
        case inspect.CORO_CREATED: state = "lista"
        case _: state = "esperando"
    return {"name": task.get_name(), "state": state, "where": coro.cr_code.co_name}

def report():
    others = asyncio.all_tasks().difference([asyncio.current_task()])
    return list(map(row, sorted(others, key=asyncio.Task.get_name)))
