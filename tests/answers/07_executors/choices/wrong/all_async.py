# cause: M09
# fails: test_choices_a, test_choices_b
choices = {
    "leer 200 CSV": ("async", "con async todo va más rápido"),
    "bcrypt": ("async", "con async todo va más rápido"),
    "API httpx": ("async", "con async todo va más rápido"),
}
