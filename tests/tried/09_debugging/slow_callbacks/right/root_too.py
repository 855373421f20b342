@contextmanager
def slow_callbacks(threshold):
    messages = []
    class Keep(logging.Handler):
        def emit(self, record):
            if record.name == "asyncio":
                messages.append(self.format(record))
    keep = Keep()
    logging.getLogger().addHandler(keep)
    try:
        with debug_mode(threshold):
            yield messages
    finally:
        logging.getLogger().removeHandler(keep)
