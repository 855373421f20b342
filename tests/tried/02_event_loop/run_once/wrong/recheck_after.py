# cause: durante la vuelta
def run_once(loop):
    for _ in range(len(loop.ready)):
        loop.ready.popleft()()
    while loop.scheduled and loop.scheduled[0][0] <= loop.clock.time():
        loop.scheduled.pop(0)[1]()
