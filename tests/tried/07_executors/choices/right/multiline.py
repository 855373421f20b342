choices: dict[str, tuple[str, str] | None] = {"leer 200 CSV": None, "bcrypt": None, "API httpx": None}
choices["leer 200 CSV"] = (
    "hilo",
    "read_text no tiene await: "
    "bloquearía el bucle",
)
choices["bcrypt"] = "hilo", "suelta el GIL y por eso basta un hilo"
choices["API httpx"] = "async", "es asíncrona y espera con await"
