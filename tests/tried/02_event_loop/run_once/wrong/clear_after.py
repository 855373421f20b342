# cause: pierdes
def run_once(loop):
    while loop.scheduled and loop.scheduled[0][0] <= loop.clock.time():
        loop.ready.append(loop.scheduled.pop(0)[1])
    for fn in list(loop.ready):
        fn()
    loop.ready.clear()
