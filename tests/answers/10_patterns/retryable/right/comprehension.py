def retryable():
    return {letter: letter in "abe" for letter in "abcdef"}
