# cause: leer es esperar
# fails: test_choices_a
choices = {
    "leer 200 CSV": ("proceso", "hay muchos ficheros que leer hoy"),
    "bcrypt": ("hilo", "su código en C suelta el GIL"),
    "API httpx": ("async", "el cliente ya espera con await"),
}
