async def load_page(fetch):
    return await asyncio.gather(fetch("profile"), fetch("posts"))


class Found(Exception):
    pass


async def first_mirror(fetch, mirrors):
    found, errors = [], []

    async def ask(mirror):
        try:
            found.append(await fetch(mirror))
        except Exception as error:
            errors.append(error)
        else:
            raise Found

    try:
        async with asyncio.TaskGroup() as tg:
            for mirror in mirrors:
                tg.create_task(ask(mirror))
    except* Found:
        return_value = found[0]
    else:
        raise ExceptionGroup("ninguno", errors)
    return return_value


async def with_deadline(fetch, seconds):
    loop = asyncio.get_running_loop()
    async with asyncio.timeout_at(loop.time() + seconds):
        return await fetch("report")
