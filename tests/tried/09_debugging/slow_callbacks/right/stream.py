import io
@contextmanager
def slow_callbacks(threshold):
    class Lines(list):
        pass
    messages = []
    class Pipe(io.StringIO):
        def write(self, text):
            if text.strip():
                messages.append(text.strip())
            return len(text)
    handler = logging.StreamHandler(Pipe())
    logger = logging.getLogger("asyncio")
    logger.addHandler(handler)
    try:
        with debug_mode(threshold):
            yield messages
    finally:
        logger.removeHandler(handler)
