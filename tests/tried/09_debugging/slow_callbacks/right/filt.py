@contextmanager
def slow_callbacks(threshold):
    messages = []
    class Only(logging.Filter):
        def filter(self, record):
            if "took" in record.getMessage():
                messages.append(record.getMessage())
            return True
    only, logger = Only(), logging.getLogger("asyncio")
    logger.addFilter(only)
    try:
        with debug_mode(threshold):
            yield messages
    finally:
        logger.removeFilter(only)
