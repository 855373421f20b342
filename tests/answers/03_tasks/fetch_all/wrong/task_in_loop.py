# cause: M08
# fails: test_fetch_all_b
async def fetch_all(ids, fetch):
    answers = []
    for id_ in ids:
        answers.append(await asyncio.create_task(fetch(id_)))
    return answers
