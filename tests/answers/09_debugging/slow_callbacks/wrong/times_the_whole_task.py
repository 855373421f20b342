# cause: mides la tarea entera
# fails: test_slow_callbacks_a
@contextmanager
def slow_callbacks(threshold: float):
    loop, messages = asyncio.get_running_loop(), []
    before = loop.get_task_factory()

    def factory(loop, coro, **options):
        task = before(loop, coro, **options)
        start = loop.time()

        def done(task):
            if loop.time() - start >= threshold:
                messages.append(f"Executing <Task name={task.get_name()!r}> took {loop.time() - start:.3f} seconds")

        task.add_done_callback(done)
        return task

    loop.set_task_factory(factory)
    try:
        yield messages
    finally:
        loop.set_task_factory(before)
