# cause: falta esa fila
choices: dict[str, tuple[str, str] | None] = {"leer 200 CSV": None, "bcrypt": None, "API HTTPX": None}
choices["leer 200 CSV"] = ("hilo", "espera al disco y no tiene await")
choices["bcrypt"] = ("hilo", "es código C que suelta el GIL")
choices["API HTTPX"] = ("async", "espera a la red con su await")
