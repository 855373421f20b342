from collections import defaultdict
def retryable():
    table = defaultdict(bool)
    for k in "abe":
        table[k] = True
    return table
