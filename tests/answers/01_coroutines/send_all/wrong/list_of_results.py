# cause: no devuelves un número
# fails: test_send_all_a, test_send_all_b
async def send_all(emails, send):
    return [await send(to) for to in emails]
