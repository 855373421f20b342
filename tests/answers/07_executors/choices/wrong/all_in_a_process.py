# cause: leer es esperar
# fails: test_choices_a, test_choices_c
choices = {
    "leer 200 CSV": ("proceso", "un proceso siempre es más rápido"),
    "bcrypt": ("proceso", "un proceso siempre es más rápido"),
    "API httpx": ("proceso", "un proceso siempre es más rápido"),
}
