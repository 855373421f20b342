"""Trabajo para otros procesos: lo importan por su nombre, cosa imposible con una función de una celda."""

import hashlib
import os
import time
from pathlib import Path

from grader.loop.stopwatch import patience  # cuenta segundos, menos los que quita una máquina ocupada

ROUNDS = 100_000  # el capítulo da un millón de vueltas
LIMIT = 3.0  # segundos que `meet` y `visit` esperan como mucho


def heavy_computation(data: bytes) -> bytes:
    """Aplica sha256 una y otra vez a un texto corto: solo calcula, no espera a nadie."""
    text = data.decode()
    for _ in range(ROUNDS):
        text = hashlib.sha256(text.encode()).hexdigest()
    return text.encode()


def wait_for_file(path: str, limit: float) -> bool:
    """Bloquea hasta que existe `path`; tras `limit` segundos se rinde y devuelve False."""
    for _ in patience(limit):
        if Path(path).exists():
            return True
        time.sleep(0.002)
    return False


def meet(ticket: tuple[str, str, int]) -> tuple[int, bool]:
    """Firma como `name` en la carpeta y espera a que firmen `count`: (su proceso, ¿llegaron todos?)."""
    folder, name, count = ticket
    Path(folder, f"{name}.signed").touch()
    for _ in patience(LIMIT):
        if len(list(Path(folder).glob("*.signed"))) >= count:
            return os.getpid(), True
        time.sleep(0.002)
    return os.getpid(), False


def visit(ticket: tuple[str, str, int]) -> tuple[int, bool, str]:
    """Se cita con los demás y lee lo que dice la puerta cuando alguien la abre; "" si falla algo de eso."""
    process, met = meet(ticket)
    door = Path(ticket[0], "door")
    opened = met and wait_for_file(str(door), LIMIT)
    return process, met, door.read_text(encoding="utf-8") if opened else ""


def open_door(folder: str, text: str) -> None:
    """Abre la puerta de una carpeta: quien espera en `visit` lee `text`."""
    draft = Path(folder, "draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(Path(folder, "door"))  # de una vez: nadie lee un texto a medias


def finish_after(ticket: tuple[str, str, str]) -> str:
    """Espera a que firme `other`, si no es "", firma como `name` y devuelve `name`."""
    folder, name, other = ticket
    if other and wait_for_file(str(Path(folder, f"{other}.signed")), LIMIT):
        for _ in patience(0.1):  # el resultado de `other` llega antes que el mío
            time.sleep(0.01)
    Path(folder, f"{name}.signed").touch()
    return name
