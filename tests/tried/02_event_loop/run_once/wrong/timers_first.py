# cause: orden
def run_once(loop):
    due = []
    while loop.scheduled and loop.scheduled[0][0] <= loop.clock.time():
        due.append(loop.scheduled.pop(0)[1])
    loop.ready.extendleft(reversed(due))
    for _ in range(len(loop.ready)):
        loop.ready.popleft()()
