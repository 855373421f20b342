# cause: no llamas ni a `dest.write`
async def copy_rows(rows, dest):
    pass
