import queue
from logging.handlers import QueueHandler
class Put(QueueHandler):
    def enqueue(self, record):
        self.queue.append(record.getMessage())
@contextmanager
def slow_callbacks(threshold):
    messages = []
    handler = Put(messages)
    logging.getLogger("asyncio").addHandler(handler)
    try:
        with debug_mode(threshold):
            yield messages
    finally:
        logging.getLogger("asyncio").removeHandler(handler)
