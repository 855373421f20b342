class Fetcher:
    def __init__(self, fetch):
        self.fetch = fetch
        self.answers = {}
    async def one(self, place, id_):
        self.answers[place] = await self.fetch(id_)
async def fetch_all(ids: list, fetch) -> list:
    f = Fetcher(fetch)
    await asyncio.gather(*(f.one(p, i) for p, i in enumerate(ids)))
    return [f.answers[p] for p in sorted(f.answers)]
