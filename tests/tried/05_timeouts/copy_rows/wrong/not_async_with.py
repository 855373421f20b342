# cause: aclose
from contextlib import aclosing


async def copy_rows(rows, dest):
    async with aclosing(dest):
        for row in rows:
            await dest.write(row)
