# cause: falta la razón
choices = {
    "leer 200 CSV": "hilo",
    "bcrypt": "hilo",
    "API httpx": "async",
}
