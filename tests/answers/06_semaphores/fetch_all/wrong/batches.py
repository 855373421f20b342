# cause: el lote espera a su petición más lenta
# fails: test_fetch_all_b
async def fetch_all(urls, fetch, limit):
    pages = []
    for start in range(0, len(urls), limit):
        pages += await asyncio.gather(*map(fetch, urls[start : start + limit]))
    return pages
