class Lazy:
    def __init__(self, coro):
        tasks = []

        def get():
            if not tasks:
                tasks.append(asyncio.create_task(coro))
            return tasks[0]

        self.get = get

    def __await__(self):
        return self.get().__await__()
