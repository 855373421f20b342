# cause: M04
# fails: test_send_all_a, test_send_all_b
async def send_all(emails, send):
    mail = send(emails[0]) if emails else None
    for _ in emails:
        await mail
    return len(emails)
