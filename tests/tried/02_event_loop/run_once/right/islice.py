def run_once(loop):
    for when, fn in list(loop.scheduled):
        if when <= loop.clock.time():
            loop.scheduled.remove((when, fn))
            loop.ready.append(fn)
    for fn in list(itertools.islice(loop.ready, len(loop.ready))):
        loop.ready.popleft()
        fn()
