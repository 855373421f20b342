# cause: `threshold`
@contextmanager
def slow_callbacks(threshold: float):
    messages = []
    loop = asyncio.get_running_loop()
    logger = logging.getLogger("asyncio")
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())
    debug, duration = loop.get_debug(), loop.slow_callback_duration
    logger.addHandler(handler)
    loop.set_debug(True)
    loop.slow_callback_duration = 0.1
    try:
        yield messages
    finally:
        logger.removeHandler(handler)
        loop.set_debug(debug)
        loop.slow_callback_duration = duration
