async def fetch_all(ids, fetch):
    distinct = list(dict.fromkeys(ids))
    answers = dict(zip(distinct, await asyncio.gather(*map(fetch, distinct))))
    return [answers[id_] for id_ in ids]
