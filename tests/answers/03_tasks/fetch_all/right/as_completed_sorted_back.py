async def numbered(place, awaitable):
    return place, await awaitable


async def fetch_all(ids, fetch):
    waiting = [numbered(place, fetch(id_)) for place, id_ in enumerate(ids)]
    arrived = [await answer for answer in asyncio.as_completed(waiting)]
    return [answer for place, answer in sorted(arrived, key=lambda pair: pair[0])]
