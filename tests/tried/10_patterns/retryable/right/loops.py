def retryable():
    table = {}
    for k in "abcdef":
        table[k] = False
    table.update(a=True, b=True, e=True)
    return table
