# cause: más de una vez
def run_once(loop):
    for when, fn in loop.scheduled:
        if when <= loop.clock.time():
            loop.ready.append(fn)
    for _ in range(len(loop.ready)):
        loop.ready.popleft()()
