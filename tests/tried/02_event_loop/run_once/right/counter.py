def run_once(loop):
    while loop.scheduled:
        when, fn = loop.scheduled[0]
        if when > loop.clock.time():
            break
        del loop.scheduled[0]
        loop.ready.append(fn)
    n = len(loop.ready)
    while n > 0:
        n -= 1
        fn = loop.ready.popleft()
        fn()
