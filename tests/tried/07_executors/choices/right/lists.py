choices = {k: list(v) for k, v in {"leer 200 CSV": ("hilo", "a b c d e"), "bcrypt": ("proceso", "uno dos tres cuatro cinco seis"), "API httpx": ("async", "espera a la red con await")}.items()}
