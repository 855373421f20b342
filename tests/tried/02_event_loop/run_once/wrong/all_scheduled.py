# cause: no ha vencido
def run_once(loop):
    while loop.scheduled:
        loop.ready.append(loop.scheduled.pop(0)[1])
    for _ in range(len(loop.ready)):
        loop.ready.popleft()()
