# cause: ya espera con `await`
choices: dict[str, tuple[str, str] | None] = {"leer 200 CSV": None, "bcrypt": None, "API httpx": None}
choices["leer 200 CSV"] = ("hilo", "espera al disco y no tiene await")
choices["bcrypt"] = ("hilo", "es código C que suelta el GIL")
choices["API httpx"] = ("hilo", "espera a la red con su await")
