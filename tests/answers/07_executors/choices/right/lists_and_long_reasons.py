choices = {
    "leer 200 CSV": ["hilo", "Los ficheros no se esperan con await: bloquearían el bucle."],
    "bcrypt": ["proceso", "Es CPU pura; con un hilo también bastaría, porque suelta el GIL."],
    "API httpx": ["async", "httpx.AsyncClient es asíncrono: un hilo basta para las cincuenta."],
}
