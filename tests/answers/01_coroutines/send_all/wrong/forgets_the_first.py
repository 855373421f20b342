# cause: alguna dirección se queda sin correo
# fails: test_send_all_a, test_send_all_b
async def send_all(emails, send):
    for to in emails[1:]:
        await send(to)
    return len(emails)
