# cause: M10
def run_once(loop):
    while loop.scheduled and loop.scheduled[0][0] <= time.monotonic():
        loop.ready.append(loop.scheduled.pop(0)[1])
    for _ in range(len(loop.ready)):
        loop.ready.popleft()()
