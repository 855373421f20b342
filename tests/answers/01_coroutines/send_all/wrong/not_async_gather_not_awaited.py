# cause: M02
# fails: test_send_all_a, test_send_all_b
async def send_all(emails, send):
    asyncio.gather(*map(send, emails))
    return len(emails)
