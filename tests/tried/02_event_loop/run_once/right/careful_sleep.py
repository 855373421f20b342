def run_once(loop):
    if not loop.ready and loop.scheduled:
        wait = loop.scheduled[0][0] - loop.clock.time()
        if wait > 0:
            loop.clock.sleep(wait)
    while loop.scheduled and loop.scheduled[0][0] <= loop.clock.time():
        loop.ready.append(loop.scheduled.pop(0)[1])
    for _ in range(len(loop.ready)):
        loop.ready.popleft()()
