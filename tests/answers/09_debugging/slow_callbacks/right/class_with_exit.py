class slow_callbacks:
    def __init__(self, threshold):
        self.threshold, self.messages = threshold, []

    def __enter__(self):
        self.loop = asyncio.get_running_loop()
        self.before = self.loop.get_debug(), self.loop.slow_callback_duration
        self.handler = logging.Handler()
        self.handler.emit = self.note
        logging.getLogger("asyncio").addHandler(self.handler)
        self.loop.set_debug(True)
        self.loop.slow_callback_duration = self.threshold
        return self.messages

    def note(self, record):
        if "took" in record.getMessage():
            self.messages.append(record.getMessage())

    def __exit__(self, *error):
        logging.getLogger("asyncio").removeHandler(self.handler)
        self.loop.set_debug(self.before[0])
        self.loop.slow_callback_duration = self.before[1]
