# cause: alguna dirección se queda sin correo
# fails: test_send_all_a, test_send_all_b
async def send_all(emails, send):
    return len(emails)
