# cause: esos son los datos del ejemplo
# fails: test_fetch_all_a, test_fetch_all_b
async def fetch_all(ids: list, fetch) -> list:
    await asyncio.gather(*map(fetch, ids))
    return [f"User {id_}" for id_ in ids]
