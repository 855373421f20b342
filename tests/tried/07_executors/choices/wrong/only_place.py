# cause: falta la razón
choices: dict[str, tuple[str, str] | None] = {"leer 200 CSV": None, "bcrypt": None, "API httpx": None}
choices["leer 200 CSV"] = "hilo"
choices["bcrypt"] = "hilo"
choices["API httpx"] = "async"
