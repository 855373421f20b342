# cause: falta la razón
# fails: test_choices_b
choices = {
    "leer 200 CSV": ("hilo", "leer del disco espera y suelta el GIL"),
    "bcrypt": ("hilo", "suelta el GIL"),
    "API httpx": ("async", "el cliente ya espera con await"),
}
