# cause: M16
# fails: test_fetch_all_a
async def fetch_all(ids, fetch):
    answers = []

    async def one(id_):
        answers.append(await fetch(id_))

    async with asyncio.TaskGroup() as tg:
        for id_ in ids:
            tg.create_task(one(id_))
    return answers
