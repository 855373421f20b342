# cause: el sitio es
choices = {
    "leer 200 CSV": ("thread", "leer del disco espera y suelta el GIL"),
    "bcrypt": ("process", "calcula mucho y usa otro núcleo"),
    "API httpx": ("await", "el cliente ya espera con await"),
}
