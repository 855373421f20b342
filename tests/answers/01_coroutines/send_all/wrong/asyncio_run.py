# cause: M06
# fails: test_send_all_a, test_send_all_b
async def send_all(emails, send):
    for to in emails:
        asyncio.run(send(to))
    return len(emails)
