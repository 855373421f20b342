# cause: con el primer éxito basta
# fails: test_translate_b
async def load_page(fetch):
    return await asyncio.gather(fetch("profile"), fetch("posts"))


async def first_mirror(fetch, mirrors):
    answers = await asyncio.gather(*map(fetch, mirrors), return_exceptions=True)
    for answer in answers:
        if not isinstance(answer, Exception):
            return answer
    raise ExceptionGroup("ninguno", answers)


async def with_deadline(fetch, seconds):
    async with asyncio.timeout(seconds):
        return await fetch("report")
