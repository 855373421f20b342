def run_once(loop):
    while loop.scheduled and loop.scheduled[0][0] <= loop.clock.time():
        _, fn = loop.scheduled.pop(0)
        loop.call_soon(fn)
    photo, loop.ready = loop.ready, deque()
    for fn in photo:
        fn()
