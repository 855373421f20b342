async def copy_rows(rows, dest):
    index = 0
    try:
        while index < len(rows):
            await dest.write(rows[index])
            index += 1
    finally:
        await dest.close()
