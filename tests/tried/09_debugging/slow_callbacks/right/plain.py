@contextmanager
def slow_callbacks(threshold: float):
    messages = []
    logger = logging.getLogger("asyncio")
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())
    logger.addHandler(handler)
    try:
        with debug_mode(threshold):
            yield messages
    finally:
        logger.removeHandler(handler)
