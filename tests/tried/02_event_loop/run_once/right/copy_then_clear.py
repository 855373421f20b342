def run_once(loop: Queues) -> None:
    now = loop.clock.time()
    while loop.scheduled and loop.scheduled[0][0] <= now:
        loop.ready.append(loop.scheduled.pop(0)[1])
    photo = tuple(loop.ready)
    loop.ready.clear()
    for fn in photo:
        fn()
