# cause: M01
# fails: test_send_all_a, test_send_all_b
async def send_all(emails, send):
    count = 0
    for to in emails:
        send(to)
        count += 1
    return count
