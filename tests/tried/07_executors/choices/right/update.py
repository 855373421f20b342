choices: dict[str, tuple[str, str] | None] = {"leer 200 CSV": None, "bcrypt": None, "API httpx": None}
choices.update({"leer 200 CSV": ("hilo", "lee del disco y espera bloqueando"), "bcrypt": ("hilo", "en C y sin el GIL"), "API httpx": ("async", "ya tiene await en cada petición")})
