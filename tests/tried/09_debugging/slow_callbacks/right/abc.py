from contextlib import AbstractContextManager
class slow_callbacks(AbstractContextManager):
    def __init__(self, threshold):
        self.inner, self.messages = debug_mode(threshold), []
    def __enter__(self):
        self.handler = logging.Handler()
        self.handler.emit = self.note
        logging.getLogger("asyncio").addHandler(self.handler)
        self.inner.__enter__()
        return self.messages
    def note(self, record):
        if re.match("Executing .* took", record.getMessage()):
            self.messages.append(record.getMessage())
    def __exit__(self, *error):
        logging.getLogger("asyncio").removeHandler(self.handler)
        return self.inner.__exit__(*error)
