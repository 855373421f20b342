# cause: una dirección repetida recibe uno por cada vez
# fails: test_send_all_b
async def send_all(emails, send):
    for to in set(emails):
        await send(to)
    return len(set(emails))
