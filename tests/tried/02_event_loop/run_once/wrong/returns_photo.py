# cause: no corre ninguna
def run_once(loop):
    while loop.scheduled and loop.scheduled[0][0] <= loop.clock.time():
        loop.ready.append(loop.scheduled.pop(0)[1])
    return [loop.ready.popleft() for _ in range(len(loop.ready))]
