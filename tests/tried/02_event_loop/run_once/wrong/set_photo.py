# cause: dos veces
def run_once(loop):
    while loop.scheduled and loop.scheduled[0][0] <= loop.clock.time():
        loop.ready.append(loop.scheduled.pop(0)[1])
    photo = dict.fromkeys(loop.ready)
    loop.ready.clear()
    for fn in photo:
        fn()
