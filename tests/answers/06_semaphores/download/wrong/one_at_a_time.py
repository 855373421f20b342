# cause: M08
# fails: test_download_a
async def download(urls, get, rate, burst, limit):
    limiter, answers = RateLimiter(rate, burst), []
    for url in urls:
        await limiter.acquire()
        try:
            answers.append(await get(url))
        except Exception as error:
            answers.append(error)
    return answers
