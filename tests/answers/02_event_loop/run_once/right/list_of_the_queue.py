def due(loop):
    return bool(loop.scheduled) and loop.scheduled[0][0] <= loop.clock.time()


def run_once(loop):
    if not loop.ready:
        if not loop.scheduled:
            return
        loop.clock.sleep(max(loop.scheduled[0][0] - loop.clock.time(), 0))
    while due(loop):
        loop.call_soon(loop.scheduled.pop(0)[1])
    photo = list(loop.ready)
    loop.ready.clear()
    for callback in photo:
        callback()
