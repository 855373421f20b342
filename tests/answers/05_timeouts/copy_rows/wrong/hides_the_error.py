# cause: ocultas la excepción
# fails: test_copy_rows_c
async def copy_rows(rows, dest):
    try:
        for row in rows:
            await dest.write(row)
    except Exception as error:
        print(error)
    finally:
        await dest.close()
