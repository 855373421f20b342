def run_once(loop):
    now = loop.clock.time()
    due = [t for t in loop.scheduled if t[0] <= now]
    loop.scheduled[:] = [t for t in loop.scheduled if t[0] > now]
    loop.ready.extend(fn for _, fn in due)
    for fn in [loop.ready.popleft() for _ in list(loop.ready)]:
        fn()
