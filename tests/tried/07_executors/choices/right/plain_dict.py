choices = dict(zip(["leer 200 CSV", "bcrypt", "API httpx"], [("hilo", "espera sin await al disco duro"), ("hilo", "C que suelta el GIL siempre"), ("async", "la red se espera con await")]))
