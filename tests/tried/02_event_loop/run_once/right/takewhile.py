def run_once(loop):
    now = loop.clock.time()
    due = list(itertools.takewhile(lambda t: t[0] <= now, loop.scheduled))
    loop.scheduled = loop.scheduled[len(due):]
    photo = [*loop.ready, *(fn for _, fn in due)]
    loop.ready = deque()
    [fn() for fn in photo]
