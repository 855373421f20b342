# cause: en lugar de propagar la cancelación
async def copy_rows(rows, dest):
    try:
        for row in rows:
            await dest.write(row)
    except asyncio.CancelledError:
        raise RuntimeError("copia cancelada")
    finally:
        await dest.close()
