"""Tools of the course "Asyncio a fondo"."""
