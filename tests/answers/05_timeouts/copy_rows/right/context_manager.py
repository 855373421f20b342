import contextlib


@contextlib.asynccontextmanager
async def closing(dest):
    try:
        yield dest
    finally:
        await dest.close()


async def copy_rows(rows, dest):
    async with closing(dest):
        for row in rows:
            await dest.write(row)
