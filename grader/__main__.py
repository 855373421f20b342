"""The command line of the course: `python3 -m grader`."""

import sys

if sys.version_info < (3, 11):
    # This file and grader/__init__.py must stay readable for every Python 3, or this line is never reached.
    sys.stderr.write(
        "El curso necesita Python 3.11 o posterior y este es %d.%d: instala uno y usa, por ejemplo, "
        "python3.12 -m grader (en Windows: py -3.12 -m grader).\n" % sys.version_info[:2]
    )
    sys.exit(2)

import importlib
import io

from grader.cli import bootstrap, lab, suite
from grader.cli.trouble import Unable, typed

HELP = """\
Asyncio a fondo. Uso: python3 -m grader ORDEN [opciones]
(en Windows, py -m grader ORDEN; en un entorno de conda, python -m grader ORDEN)

Para estudiar
  lab       abre JupyterLab en work/, tu copia de los notebooks, que nunca se sobrescribe
              --port N         usa el puerto N
              --no-browser     no abre el navegador: escribe la dirección
              --instructor     abre la raíz, con las herramientas de corrección de nbgrader
              --prepare        hace work/ y la configuración de Jupyter para otro que lo abra (Binder)
  check     comprueba tus ejercicios sin JupyterLab:  check [03 ...] [--watch]
  reset     devuelve un ejercicio a su esqueleto y guarda al lado lo que tenías:  reset 03 [3.1]

Para corregir una clase
  roster    apunta a los alumnos de una lista:  roster LISTA.csv [--from nbgrader|moodle|canvas]
  collect   recoge las entregas de un zip:  collect ENTREGAS.zip 03 [--from moodle|canvas]
              --force          también las que son más viejas que las que ya hay
  grade     corrige las entregas de una clase y guarda sus notas:  grade [03 ...] [--student ana]
              --resume         solo lo que falta o ha cambiado
              --workers N      con N procesos (si no, uno por núcleo)
              --dask DIRECCIÓN en un clúster de Dask, por ejemplo tcp://127.0.0.1:8786
              --unsafe-no-sandbox   sin aislar el código de las entregas: solo si te fías de todas
  feedback  escribe la página de cada alumno, con lo que falló:  feedback [03 ...] [--student ana]
  export    saca las notas:  export [03 ...] --to nbgrader|moodle|canvas
              --worksheet HOJA rellena la hoja de Moodle o el libro de notas de Canvas que has descargado
              --column TÍTULO  la columna de Canvas, si no se llama como la sección
              --output ARCHIVO escribe en ese archivo

Para mantener el curso
  test      pasa ruff, mypy, ty y pytest; lo que no conoce va a pytest:  test [-k nombre ...]
              --repeat N       repite N veces las reglas del curso
              --python 3.12    lo pasa todo con ese Python, en .venv-3.12
  release   genera notebooks/ a partir de solutions/; con --check solo dice si coinciden
  demo      corrige una clase inventada, con entregas hostiles, y muestra sus notas:  demo [03 ... | todas]

La primera vez prepara .venv con las versiones del curso. En un entorno que ya las tiene (conda, Binder,
un entorno virtual activado) usa ese.
Código de salida: 0 bien; 1 algo no pasa; 2 la orden no se pudo ejecutar.
"""

# command: module with main(arguments) -> exit code, extras of pyproject.toml that it needs
COMMANDS = {
    "lab": ("grader.cli.lab", ()),
    "check": ("grader.judge.check", ()),
    "reset": ("grader.judge.reset", ()),
    "test": ("grader.cli.suite", ("dev",)),
    "release": ("grader.authoring.release", ()),
    "roster": ("grader.classroom.roster", ()),
    "collect": ("grader.classroom.collect", ()),
    "grade": ("grader.classroom.grade", ()),
    "feedback": ("grader.classroom.feedback", ()),
    "export": ("grader.classroom.export", ()),
    "demo": ("grader.classroom.demo", ()),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 fine, 1 something does not pass, 2 it could not run."""
    arguments = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console without "✓" shows "?" instead of a traceback
    try:
        return dispatch(arguments)
    except Unable as trouble:
        print(trouble, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nInterrumpido: repite la orden cuando quieras y seguirá.", file=sys.stderr)
    return 2


def dispatch(arguments: list[str]) -> int:
    name, *rest = arguments or ["--help"]
    if {"-h", "--help"} & {name, *rest}:
        print(HELP, end="")
        return 0
    if name not in COMMANDS:
        raise Unable(f"No conozco la orden «{name}»: mira las que hay con {typed()} --help.")
    module, extras = COMMANDS[name]
    # A mistyped option must not cost the minutes of a first build.
    version = suite.parse(rest).python if name == "test" else None
    if name == "lab":
        lab.parse(rest)
    if "--dask" in rest:
        extras = ("cluster",)
    bootstrap.enter(arguments, extras, version)
    return int(importlib.import_module(module).main(rest))


if __name__ == "__main__":
    sys.exit(main())
