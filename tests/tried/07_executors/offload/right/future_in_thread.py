async def offload(fn):
    answer = Future()

    def run():
        try:
            answer.set_result(fn())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=run).start()
    return await asyncio.wrap_future(answer)
