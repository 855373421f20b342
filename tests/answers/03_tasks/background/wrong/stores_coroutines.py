# cause: M01
# fails: test_background_a, test_background_b, test_background_c
class Background:
    def __init__(self):
        self.tasks = set()
        self.errors = []

    def spawn(self, coro):
        self.tasks.add(coro)
        return coro
