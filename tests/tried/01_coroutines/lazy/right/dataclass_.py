import dataclasses


@dataclasses.dataclass(eq=False)
class Lazy:
    coro: object
    task: asyncio.Task | None = None

    def __await__(self):
        if self.task is None:
            self.task = asyncio.get_running_loop().create_task(self.coro)
        return self.task.__await__()
