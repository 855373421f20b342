choices = {
    "leer 200 CSV": ("hilo", "asyncio no tiene ficheros asíncronos, read_text bloquea"),
    "bcrypt": ("proceso", "calcula mucho y usa otro núcleo"),
    "API httpx": ("async", "el cliente ya espera con await"),
}
