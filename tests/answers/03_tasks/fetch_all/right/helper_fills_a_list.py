async def fetch_all(ids, fetch):
    answers = [None] * len(ids)

    async def fill(place, id_):
        answers[place] = await fetch(id_)

    async with asyncio.TaskGroup() as tg:
        for place, id_ in enumerate(ids):
            tg.create_task(fill(place, id_))
    return answers
