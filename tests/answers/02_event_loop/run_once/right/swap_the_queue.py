def run_once(loop):
    if not loop.ready and loop.scheduled:
        wait = loop.scheduled[0][0] - loop.clock.time()
        if wait > 0:
            loop.clock.sleep(wait)
    now = loop.clock.time()
    while loop.scheduled and loop.scheduled[0][0] <= now:
        when, fn = loop.scheduled.pop(0)
        loop.ready.append(fn)
    batch, loop.ready = loop.ready, deque()
    for fn in batch:
        fn()
