def decide(place, *words):
    return place, " ".join(words)


choices: dict[str, tuple[str, str] | None] = {"leer 200 CSV": None, "bcrypt": None, "API httpx": None}
choices["leer 200 CSV"] = decide("hilo", "disco", "sin", "await", "que", "bloquea")
choices["bcrypt"] = decide("proceso", "calcula", "y", "calcula", "sin", "parar")
choices["API httpx"] = decide("async", "red", "con", "await", "de", "verdad")
