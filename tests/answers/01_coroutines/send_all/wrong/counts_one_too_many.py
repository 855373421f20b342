# cause: la cuenta no es esa
# fails: test_send_all_a, test_send_all_b
async def send_all(emails, send):
    count = 1
    for to in emails:
        await send(to)
        count += 1
    return count
