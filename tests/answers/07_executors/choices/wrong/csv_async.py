# cause: E65
# fails: test_choices_a
choices = {
    "leer 200 CSV": ("async", "Regla de oro: el disco es async"),
    "bcrypt": ("hilo", "su código en C suelta el GIL"),
    "API httpx": ("async", "el cliente ya espera con await"),
}
