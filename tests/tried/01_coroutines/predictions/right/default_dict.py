from collections import defaultdict


def predictions():
    return defaultdict(lambda: "ABCDE")
