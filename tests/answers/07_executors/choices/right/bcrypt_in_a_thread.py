choices = {
    "leer 200 CSV": ("hilo", "leer del disco espera y suelta el GIL"),
    "bcrypt": ("hilo", "su código en C suelta el GIL"),
    "API httpx": ("async", "el cliente ya espera con await"),
}
