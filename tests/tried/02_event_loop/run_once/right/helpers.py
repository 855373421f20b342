def _collect(loop):
    due = 0
    while due < len(loop.scheduled) and loop.scheduled[due][0] <= loop.clock.time():
        loop.ready.append(loop.scheduled[due][1])
        due += 1
    del loop.scheduled[:due]


def run_once(loop):
    _collect(loop)
    photo = len(loop.ready)
    for _ in range(photo):
        loop.ready.popleft()()
