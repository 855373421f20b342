from contextlib import ExitStack


@contextmanager
def slow_callbacks(threshold: float):
    class List(logging.Handler):
        def emit(self, record):
            messages.append(record.getMessage())

    messages, handler, logger = [], List(), logging.getLogger("asyncio")
    with ExitStack() as stack:
        stack.enter_context(debug_mode(threshold))
        logger.addHandler(handler)
        stack.callback(logger.removeHandler, handler)
        yield messages
