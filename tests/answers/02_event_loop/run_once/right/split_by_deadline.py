def run_once(loop):
    if loop.scheduled and not loop.ready:
        deadline, _ = loop.scheduled[0]
        loop.clock.sleep(max(0, deadline - loop.clock.time()))
    now = loop.clock.time()
    loop.ready.extend(fn for when, fn in loop.scheduled if when <= now)
    loop.scheduled[:] = [timer for timer in loop.scheduled if timer[0] > now]
    todo = len(loop.ready)
    while todo > 0:
        loop.ready.popleft()()
        todo -= 1
