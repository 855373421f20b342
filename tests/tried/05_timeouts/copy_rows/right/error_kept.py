async def copy_rows(rows, dest):
    error = None
    try:
        for row in rows:
            await dest.write(row)
    except BaseException as caught:
        error = caught
    await dest.close()
    if error is not None:
        raise error
