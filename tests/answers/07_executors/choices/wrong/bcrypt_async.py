# cause: M09
# fails: test_choices_b
choices = {
    "leer 200 CSV": ("hilo", "leer del disco espera y suelta el GIL"),
    "bcrypt": ("async", "así las peticiones no se esperan"),
    "API httpx": ("async", "el cliente ya espera con await"),
}
