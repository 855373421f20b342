@contextmanager
def _collecting(logger, messages):
    handler = logging.Handler(logging.WARNING)
    handler.handle = lambda record: messages.append(record.getMessage())
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()

@contextmanager
def slow_callbacks(threshold):
    messages = []
    with _collecting(logging.getLogger("asyncio"), messages), debug_mode(threshold):
        yield messages
