# cause: no entrega una lista
# fails: test_slow_callbacks_a, test_slow_callbacks_b
@contextmanager
def slow_callbacks(threshold: float):
    loop, logger, messages = asyncio.get_running_loop(), logging.getLogger("asyncio"), []
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())
    before = loop.slow_callback_duration
    logger.addHandler(handler)
    loop.set_debug(True)
    loop.slow_callback_duration = threshold
    try:
        yield
    finally:
        loop.set_debug(False)
        loop.slow_callback_duration = before
        logger.removeHandler(handler)
