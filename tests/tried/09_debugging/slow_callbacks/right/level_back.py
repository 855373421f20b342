@contextmanager
def slow_callbacks(threshold):
    messages, logger = [], logging.getLogger("asyncio")
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())
    level = logger.level
    logger.setLevel(logging.WARNING)
    logger.addHandler(handler)
    try:
        with debug_mode(threshold):
            yield messages
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
