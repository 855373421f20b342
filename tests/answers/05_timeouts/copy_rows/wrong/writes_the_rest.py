# cause: sigues escribiendo filas
# fails: test_copy_rows_a, test_copy_rows_b
async def copy_rows(rows, dest):
    pending = list(rows)
    try:
        while pending:
            await dest.write(pending[0])
            pending.pop(0)
    except asyncio.CancelledError:
        for row in pending:
            await dest.write(row)
        raise
    finally:
        await dest.close()
