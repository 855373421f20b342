# cause: duerm
def run_once(loop):
    if loop.scheduled:
        loop.clock.sleep(max(0, loop.scheduled[0][0] - loop.clock.time()))
    while loop.scheduled and loop.scheduled[0][0] <= loop.clock.time():
        loop.ready.append(loop.scheduled.pop(0)[1])
    for _ in range(len(loop.ready)):
        loop.ready.popleft()()
