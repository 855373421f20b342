async def offload(fn):
    box = []

    def run():
        try:
            box.append((fn(), None))
        except Exception as error:
            box.append((None, error))

    threading.Thread(target=run, daemon=True).start()
    while not box:
        await asyncio.sleep(0.01)
    value, error = box[0]
    if error is not None:
        raise error
    return value
