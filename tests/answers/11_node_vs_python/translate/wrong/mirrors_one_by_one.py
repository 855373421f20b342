# cause: M08
# fails: test_translate_b
async def load_page(fetch):
    return await asyncio.gather(fetch("profile"), fetch("posts"))


async def first_mirror(fetch, mirrors):
    errors = []
    for mirror in mirrors:
        try:
            return await fetch(mirror)
        except Exception as error:
            errors.append(error)
    raise ExceptionGroup("ninguno", errors)


async def with_deadline(fetch, seconds):
    async with asyncio.timeout(seconds):
        return await fetch("report")
