# cause: M02
# fails: test_send_all_a, test_send_all_b
async def send_all(emails, send):
    tasks = [asyncio.create_task(send(to)) for to in emails]
    await asyncio.sleep(0)
    return len(tasks)
