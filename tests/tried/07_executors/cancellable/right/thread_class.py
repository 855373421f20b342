class Job(threading.Thread):
    def __init__(self, work, loop):
        super().__init__(name="work")
        self.work, self.loop, self.stop = work, loop, threading.Event()
        self.ended, self.value, self.error = asyncio.Event(), None, None

    def run(self):
        try:
            self.value = self.work(self.stop)
        except Exception as error:
            self.error = error
        finally:
            self.loop.call_soon_threadsafe(self.ended.set)


async def cancellable(work):
    job = Job(work, asyncio.get_running_loop())
    job.start()
    try:
        await job.ended.wait()
    except asyncio.CancelledError:
        job.stop.set()
        await job.ended.wait()
        job.join()
        raise
    job.join()
    if job.error is not None:
        raise job.error
    return job.value
