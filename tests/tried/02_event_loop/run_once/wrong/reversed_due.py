# cause: orden
def run_once(loop):
    now = loop.clock.time()
    due = [t for t in loop.scheduled if t[0] <= now]
    loop.scheduled = [t for t in loop.scheduled if t[0] > now]
    for _, fn in reversed(due):
        loop.ready.append(fn)
    for _ in range(len(loop.ready)):
        loop.ready.popleft()()
