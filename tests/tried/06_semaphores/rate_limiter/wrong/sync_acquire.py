# cause: async
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.tokens = burst

    def acquire(self):
        self.tokens -= 1
