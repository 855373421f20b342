# cause: M01
# fails: test_send_all_a, test_send_all_b
async def send_all(emails, send):
    return [send(to) for to in emails]
