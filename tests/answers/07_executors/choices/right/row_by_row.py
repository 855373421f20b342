choices = {}
choices["leer 200 CSV"] = ("hilo", "espera al disco y no es asíncrona")
choices["bcrypt"] = ("proceso", "limitado por CPU, mejor en otro proceso")
choices["API httpx"] = ("async", "espera a la red con su await")
