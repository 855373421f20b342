# cause: ya espera con `await`
# fails: test_choices_c
choices = {
    "leer 200 CSV": ("hilo", "leer del disco espera y suelta el GIL"),
    "bcrypt": ("hilo", "su código en C suelta el GIL"),
    "API httpx": ("hilo", "cada petición en su propio hilo"),
}
