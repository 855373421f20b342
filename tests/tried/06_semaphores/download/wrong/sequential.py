# cause: de una en una
async def download(urls, get, rate, burst, limit):
    tokens, out = RateLimiter(rate, burst), []
    for url in urls:
        await tokens.acquire()
        try:
            out.append(await get(url))
        except Exception as error:
            out.append(error)
    return out
