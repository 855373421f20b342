"""Submissions that try every trick, and honest ones with every accident: what each gets, and what is said of it.

The names begin with the numbers of the suite that the course promises; FULL is 10 points and 2 of the reto.
"""

import copy
import json
import os
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course import FETCH_ALL
from nbformat.v4 import new_code_cell, new_notebook
from small_class import FETCH, SEQUENTIAL, answered, cell, save
from tree import NAME

from grader.classroom.result import GRADED, UNGRADABLE

FULL, RETO, NOTHING = (10, 2), (0, 2), (0, 0)
RIGHT = FETCH + "return await asyncio.gather(*(fetch(i) for i in ids))"


@dataclass(frozen=True)
class Case:
    """A submission: how its folder is made, what it gets and a pattern of what is printed or stored of it."""

    make: Callable[[Any, Any], Any]  # (section, folder)
    points: tuple[int, int] | None
    says: str = ""

    @property
    def status(self):
        return UNGRADABLE if self.points is None else GRADED


def notebook(change):
    """A case whose notebook is made by `change(section)`."""
    return lambda section, folder: save(folder / f"{NAME}.ipynb", change(section))


def code(source):
    """A case whose first exercise has this answer."""
    return notebook(lambda section: answered(section, fetch_all=source))


def body(text):
    return code(FETCH + textwrap.indent(textwrap.dedent(text), "    ").strip())


def below(text):
    """The right answer, and something more at the top level of its cell."""
    return code(f"{RIGHT}\n\n{textwrap.dedent(text)}")


def port(text):
    """An answer that finds the line to the judge and speaks itself."""
    found = "import os\nfrom grader.checks.service import BOOK\nport = BOOK.get()._port\n"
    return body(found + textwrap.dedent(text))


def changed(change):
    """The right submission with its notebook altered in place."""

    def make(section):
        book = answered(section)
        change(book)
        return book

    return notebook(make)


def twice(book):
    book.cells = [copy.deepcopy(each) for each in book.cells for _ in range(2)]


def move(book):
    book.cells.reverse()
    cell(book, "test-fetch-all-a").cell_type = "markdown"


def forge(book):
    cell(book, "fetch-all").source = SEQUENTIAL
    test = cell(book, "test-fetch-all-a")
    test.source, test.metadata.tags = "pass", ["skip-execution"]
    test.metadata.nbgrader |= {"points": 1000, "solution": True, "schema_version": 99, "checksum": "x"}
    book.metadata.kernelspec = {"name": "bash", "display_name": "x", "language": "bash"}


def beside(section, folder):
    save(folder / f"{NAME}.ipynb", answered(section, fetch_all=SEQUENTIAL))
    for name in (
        "grader.py",
        "asyncio.py",
        "sitecustomize.py",
        "x.pth",
        ".ipython/profile_default/startup/a.py",
    ):
        save(folder / name, "raise SystemExit('mine')")


def link(target):
    def make(section, folder):
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").symlink_to(section.root / target)

    return make


def linked_folder(section, folder):
    folder.parent.mkdir(parents=True)
    folder.symlink_to(section.root / "solutions" / NAME)


def pipe(section, folder):
    folder.mkdir(parents=True)
    os.mkfifo(folder / f"{NAME}.ipynb")


def raw(data, name=f"{NAME}.ipynb"):
    def make(section, folder):
        folder.mkdir(parents=True)
        (folder / name).write_bytes(data)

    return make


def versioned(number):
    return raw(json.dumps({"nbformat": number, "worksheets": [], "cells": [{}]}).encode())


def reports(value="list(ids)", timeline="None", facts="[]"):
    """An answer that reports a run which never was."""
    return port(f"""
        wait = {{"kind": "sleep", "what": "sleep", "line": None, "due": None}}
        task = {{"id": 0, "name": "main", "coro": "main", "parent": None, "created": 0.0, "hidden": False, "end": 6.0,
                "state": "done", "error": None, "cancels": [], "cleaning": None, "slices": [[0.0, 0.0, 0.0]], "waits": []}}
        run = {{"clock": "virtual", "end": 6.0, "frozen": False, "tasks": [task], "threads": [], "blocked": [], "unstarted": []}}
        for i in ids: port.ask({{"op": "begin", "service": 0, "args": [i], "kwargs": {{}}}}); port.ask({{"op": "advance", "to": 3600.0}})
        port.ask({{"op": "end"}})
        report = {{"value": {value}, "refused": None, "error": None, "timeline": {timeline}, "facts": {facts}}}
        port.send({{"op": "done"}} | report)
        await asyncio.sleep(60)""")


WAITS = 'run | {"tasks": [task | {"waits": [wait | {"start": 0.0, "end": %s}]}]}'

CASES = {
    "01-right": Case(code(FETCH_ALL), FULL, r"10/10 \+2"),
    "01-helper-cell": Case(
        changed(
            lambda book: (
                book.cells.insert(2, new_code_cell("async def one(i, fetch):\n    return await fetch(i)")),
                cell(book, "fetch-all").update(source=RIGHT.replace("fetch(i)", "one(i, fetch)")),
            )
        ),
        FULL,
    ),
    "02-blank": Case(notebook(lambda section: section.release), NOTHING, "sin intentar"),
    "03-sequential": Case(code(SEQUENTIAL), RETO, r"\(M08\)"),
    "04-loop": Case(body("while True: pass"), RETO, "sin llegar a ningún `await`"),
    "05-waits": Case(body("await asyncio.Event().wait()"), RETO, "nadie puede despertar a nadie"),
    "06-swallows": Case(
        body("while True:\n    try: await asyncio.sleep(1)\n    except BaseException: pass"),
        RETO,
        "demasiado largo",
    ),
    "07-exit-in-function": Case(
        body("import os; os._exit(0)"), RETO, "el proceso terminó antes de responder"
    ),
    "07-exit-at-top": Case(below("import os; os._exit(0)"), RETO, "no define `fetch_all`"),
    "08-sys-exit": Case(body("import sys; sys.exit()"), RETO, "SystemExit"),
    "08-quit": Case(body("quit()"), RETO),
    "08-interrupt": Case(body("raise KeyboardInterrupt"), RETO, "KeyboardInterrupt"),
    "08-cancels-itself": Case(body("asyncio.current_task().cancel(); await fetch(1)"), RETO, "Cancelled"),
    "09-memory": Case(body("return bytearray(3 << 30)"), RETO, "MemoryError"),
    "10-forks": Case(body("import os\nwhile True: os.fork()"), RETO),
    "11-file": Case(body("open('/tmp/x', 'wb').write(bytes(1 << 26))"), RETO, "File too large"),
    "12-prints": Case(code("print('x' * 100_000_000)\n" + RIGHT), FULL),
    "12-prints-in-function": Case(code(RIGHT.replace("return", "print('x' * 10_000_000)\n    return")), FULL),
    "14-left-behind": Case(
        below(
            "import os, threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
            "if os.fork() == 0:\n    os.setsid()\n    while True: time.sleep(1)"
        ),
        FULL,
    ),
    "15-kills-its-parent": Case(body("import os; os.kill(os.getppid(), 9); await asyncio.sleep(1)"), RETO),
    "15-stops-its-parent": Case(
        code(RIGHT.replace("return", "import os; os.kill(os.getppid(), 19)\n    return")), FULL
    ),
    "15-kills-all": Case(body("import os; os.kill(-1, 9)"), RETO),
    "16-forgotten-await-outside": Case(below("fetch_all([], None); x = 1"), FULL),
    "17-task-that-fails-outside": Case(
        below("async def bad(): 1 / 0\n\nx = asyncio.create_task(bad())\nawait asyncio.sleep(0)"), FULL
    ),
    "18-free-sleep": Case(
        code("async def nothing(*args): pass\nasyncio.sleep = nothing\n" + SEQUENTIAL), NOTHING, "Parada: "
    ),
    "18-json": Case(code("import json\njson.dumps = lambda *a, **k: '{}'\n" + SEQUENTIAL), RETO),
    "18-builtins": Case(
        code("import builtins\nbuiltins.AssertionError = builtins.len = None\n" + SEQUENTIAL),
        RETO,
        "no se puede cargar",
    ),
    "18-clock": Case(
        body("r = [await fetch(i) for i in ids]\nasyncio.get_running_loop()._now = 3.0\nreturn r"), RETO
    ),
    "18-liar": Case(
        code(
            "class Liar(list):\n    __eq__ = lambda *a: True\n    __hash__ = None\n\n"
            + FETCH
            + "await asyncio.sleep(3)\n    return Liar()"
        ),
        RETO,
        "Liar",
    ),
    "19-forged-report": Case(
        port("""
        port.send({"op": "done", "report": {"value": list(ids), "refused": None, "error": None, "elapsed": 3.0,
                  "timeline": None, "facts": []}})"""),
        RETO,
    ),
    "19-floods": Case(
        port("while True: port.send({'op': 'advance', 'to': 0})"),
        RETO,
        "tras 3 s de cálculo|demasiados mensajes",
    ),
    "19-huge-numbers": Case(port("port.send({'op': 'advance', 'to': 10**4000})\nawait fetch(1)"), RETO),
    "19-one-endless-line": Case(
        port("while True: os.write(port._writer, b'x' * 65536)"), RETO, "respuesta demasiado larga"
    ),
    "19-deep": Case(
        port("os.write(port._writer, b'[' * 900_000 + b'\\n'); await fetch(1)"), RETO, "rompió el protocolo"
    ),
    "19-says-infinity": Case(
        port('os.write(port._writer, b\'{"op":"advance","to":Infinity}\\n\'); await fetch(1)'), RETO
    ),
    "31-serves-after-end": Case(
        port("""
        for i in ids: port.ask({"op": "begin", "service": 0, "args": [i], "kwargs": {}})
        port.ask({"op": "advance", "to": 3.0}); port.ask({"op": "end"})
        return [port.ask({"op": "begin", "service": 0, "args": [i], "kwargs": {}}) for i in ids]"""),
        RETO,
        "ya había terminado",
    ),
    "31-decoys": Case(
        body("""
        decoys = [asyncio.create_task(fetch(i)) for i in ids]
        await asyncio.wait(decoys)
        return [await fetch(i) for i in ids]"""),
        RETO,
        "Obtuve: +9 s",
    ),
    "31-look-up": Case(body("await asyncio.gather(*map(fetch, ids))\nreturn list(ids)"), RETO),
    "32-forged-value": Case(reports(), RETO),
    "32-wait-of-ages": Case(reports(timeline=WAITS % "1e15"), RETO),
    "32-wait-that-ends-before": Case(reports(timeline=WAITS % "-5.0"), RETO),
    "32-end-of-ages": Case(reports(timeline='run | {"end": 1e15, "tasks": [task | {"end": 1e15}]}'), RETO),
    "32-many-tasks": Case(
        reports(timeline='run | {"tasks": [task | {"id": i} for i in range(20_000)]}'), RETO
    ),
    "32-own-parent": Case(reports(timeline='run | {"tasks": [task | {"parent": 0}]}'), RETO),
    "32-one-number-for-all": Case(reports(timeline='run | {"tasks": [task] * 99}'), RETO),
    "32-long-names": Case(reports(timeline='run | {"tasks": [task | {"name": "x" * 10**6}]}'), RETO),
    "32-no-timeline": Case(reports(timeline="[[[]]]"), RETO),
    "32-many-facts": Case(reports(facts='[{"kind": "leaked", "what": "x" * 99, "line": 1}] * 20_000'), RETO),
    "32-facts-of-facts": Case(reports(facts='[{"kind": ["leaked"]}]'), RETO, "rompió el protocolo"),
    "32-colliding": Case(
        reports(value='{"!": "set", "v": [i * (2**61 - 1) for i in range(20_000)]}'),
        RETO,
        "rompió el protocolo",
    ),
    "32-huge-number": Case(reports(value="10**4_200"), RETO, "rompió el protocolo"),
    "32-deep-value": Case(reports(value='eval("[" * 90 + "]" * 90)'), RETO, "rompió el protocolo"),
    "33-no-alarm": Case(
        code(
            "import signal\nsignal.setitimer = signal.alarm = lambda *a: None\n" + FETCH + "while True: pass"
        ),
        RETO,
    ),
    "33-no-select": Case(code("import select\nselect.select = lambda *a: ([], [], [])\n" + SEQUENTIAL), RETO),
    "33-holds-memory": Case(
        below("held = bytearray(1_400_000_000)\nheld[::4096] = bytes(len(held[::4096]))"), RETO, "ocupa más"
    ),
    "33-sleeping-threads": Case(
        below(
            "import threading, time\nfor _ in range(64): threading.Thread(target=time.sleep, args=(600,), daemon=True).start()"
        ),
        RETO,
        r"deja 6\d hilos",
    ),
    "33-many-files": Case(
        below("import os\nfor i in range(30_000): open(f'/tmp/{i}', 'w').close()"), RETO, "archivos"
    ),
    "33-files-behind-one-that-ended": Case(
        below("""
        import os
        if os.fork() == 0: os._exit(0)
        for i in range(30_000): open(f'/dev/shm/{i}', 'w').close()
        import time; time.sleep(2)
        """),
        RETO,
        "archivos",
    ),
    "33-sockets-of-others": Case(
        below("""
        import os, socket, time
        for _ in range(3):
            if os.fork() == 0:
                held = [socket.socketpair() for _ in range(100)]
                time.sleep(600)
        time.sleep(1)
        """),
        RETO,
        r"deja \d+ ficheros abiertos",
    ),
    "33-sockets-in-a-run": Case(
        body("""
        import os, socket, time
        for _ in range(8):
            if os.fork() == 0:
                held = [socket.socketpair() for _ in range(100)]
                time.sleep(600)
        while True: pass"""),
        RETO,
        "conexiones a la vez",
    ),
    "21-reads-the-course": Case(
        body("""
        import os
        found = [os.path.join(place, name) for top in ("/course", "/root", "/home", "/work", "/tmp", "/mnt", "/srv", "/var", "/etc", "/media")
                 for place, _, names in os.walk(top) for name in names
                 if name.endswith((".ipynb", ".db")) and "/lib/" not in place]
        raise ValueError(f"found {found}")"""),
        RETO,
        r"found \[\]",
    ),
    "22-network": Case(
        body("import socket; socket.create_connection(('192.0.2.1', 80))"), RETO, "unreachable"
    ),
    "24-forged-metadata": Case(changed(forge), RETO, "la prueba se cambió; cuenta la del curso"),
    "25-copied": Case(changed(twice), FULL),
    "25-moved-and-retyped": Case(changed(move), FULL),
    "25-tests-deleted": Case(
        changed(lambda book: book.update(cells=[c for c in book.cells if not c.id.startswith("test")])),
        FULL,
        "la celda falta en la entrega",
    ),
    "27-files-beside": Case(beside, RETO, "archivos que no cuentan: "),
    "28-link": Case(link(f"solutions/{NAME}/{NAME}.ipynb"), None, "enlace"),
    "28-linked-folder": Case(linked_folder, None, "enlace"),
    "28-pipe": Case(pipe, None, "no es un archivo normal"),
    "30-no-json": Case(raw(b"{"), None, "no es JSON"),
    "30-empty": Case(raw(b""), None, "está vacío"),
    "30-utf16": Case(raw('{"nbformat": 4}'.encode("utf-16")), None, "UTF-16"),
    "30-format-3": Case(versioned(3), None, "sino 3"),
    "30-format-5": Case(versioned(5), None, "sino 5"),
    "30-other-name": Case(raw(b"{}", "mine.ipynb"), None, "debe llamarse"),
    "30-another-course": Case(
        raw(json.dumps(new_notebook(cells=[new_code_cell("import pandas as pd")])).encode()),
        None,
        "no tiene ninguna celda de los ejercicios",
    ),
    "30-huge": Case(raw(b" " * 6_000_000), None, "5 MB"),
    "30-no-file": Case(raw(b"", "notes.txt"), None, f"falta {NAME}.ipynb"),
}
