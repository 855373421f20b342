"""run_virtual, run_real, answer: run the student's code and ask the outcome what an exercise expects."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

from grader.checks import values
from grader.checks.causes import Cause
from grader.checks.findings import KINDS
from grader.checks.message import UNRUN, Checked, CheckFailed, describe_call, explain, name_of, not_run
from grader.checks.result import Result
from grader.checks.runner import BUSY, Report, Run
from grader.checks.service import Ledger, LocalBook, Request, Tokens

if TYPE_CHECKING:
    from grader.timeline.timeline import Timeline

# Title of a check -> "passed", "failed", "untried" or "busy"; of this kernel, for %progress.
VERDICTS: dict[str, str] = {}

_UNASKED: Any = object()


class Engine(Protocol):
    """Where scenarios run and failures are shown: in this process, or in the judge's child."""

    def run(
        self, kind: str, fn: Any, args: tuple[Any, ...], limit: float, cell: str
    ) -> tuple[Report, list[Request]]:
        """Return what a run reports, its value decoded, and the log of its services."""

    def passed(self, title: str, facts: str) -> None:
        """Tell that a check holds. facts: what was observed, " (t = 3 s)", untold of a hidden case."""

    def note(self, outcome: Outcome, wanted: Mapping[str, Any]) -> None:
        """Take note of what a check asks of an outcome."""

    def show(self, outcome: Outcome, expected_end: float | None) -> None: ...


class Local:
    """Runs in this process; shows a failed attempt in the notebook, if there is one."""

    def run(
        self, kind: str, fn: Any, args: tuple[Any, ...], limit: float, cell: str
    ) -> tuple[Report, list[Request]]:
        if kind == "answer":
            return _received(answer_report(args[0])), []
        Tokens.draw_anew()
        books: list[LocalBook] = []

        def open_book(clock: Callable[[], float]) -> LocalBook:
            books.append(LocalBook(Ledger(), clock))
            return books[-1]

        report = Run(kind, fn, args, limit, open_book, cell).execute()
        if is_busy(report):
            Tokens.draw_anew()
            report = Run(kind, fn, args, limit, open_book, cell).execute()
        return _received(report), books[-1].requests or []

    def passed(self, title: str, facts: str) -> None:
        print(f"✓ {title}{facts}")

    def note(self, outcome: Outcome, wanted: Mapping[str, Any]) -> None:
        pass

    def show(self, outcome: Outcome, expected_end: float | None) -> None:
        ipython = sys.modules.get("IPython")
        if ipython is None or not hasattr(ipython.get_ipython(), "kernel"):
            return
        ipython.display.display(outcome.timeline.expecting(expected_end))


def _received(report: Report) -> Report:
    """Return a report as it arrives in the judge: its value has been on the wire."""
    return report | {"value": values.decode(report["value"])}


ENGINE: ContextVar[Engine] = ContextVar("grader_engine", default=Local())  # noqa: B039  Local has no state


def run_virtual(fn: Callable[..., Any], /, *args: Any, limit: float = 3600) -> Outcome:
    """Ejecuta `await fn(*args)` con un reloj virtual: una hora dura milisegundos y los tiempos son exactos.

    fn: una función asíncrona, o una síncrona que se llama dentro del bucle de eventos.
    limit: segundos de reloj virtual a partir de los cuales el programa cuenta como interminable.

    Devuelve un Outcome. Nunca lanza lo que lance el programa: sus errores, los bloqueos mutuos y los límites
    que sobrepase quedan en el Outcome.
    """
    return _run("virtual", fn, args, limit)


def run_real(fn: Callable[..., Any], /, *args: Any, timeout: float = 10) -> Outcome:
    """Ejecuta `await fn(*args)` en el bucle de asyncio y en tiempo real: para procesos, sockets y ficheros.

    timeout: segundos a partir de los cuales se detiene.

    Devuelve un Outcome. Nunca lanza lo que lance el programa.
    """
    return _run("real", fn, args, timeout)


def answer(value: Any, /) -> Outcome:
    """Envuelve una respuesta que no se ejecuta (una predicción, una tabla) para comprobarla con `expect`."""
    return _run("answer", None, (value,), 0.0)


def _run(kind: str, fn: Any, args: tuple[Any, ...], limit: float) -> Outcome:
    cell = sys._getframe(2).f_code.co_filename
    report, requests = ENGINE.get().run(kind, fn, args, limit, cell)
    outcome = Outcome(report, requests, kind, describe_call(kind, fn, args))
    outcome.unrun = {
        name: UNRUN[name]
        for thing in (fn, *args)
        if (name := name_of(thing)) in UNRUN and UNRUN[name].stale is thing
    }
    return outcome


def is_busy(report: Report) -> bool:
    """Return whether a run was given up because the machine is too busy: that says nothing of its program."""
    return bool(report["error"] and report["error"]["type"] == BUSY)


def answer_report(value: Any) -> Report:
    """Return the report of a plain answer."""
    report: Report = {
        "value": None,
        "refused": None,
        "error": None,
        "elapsed": 0.0,
        "timeline": None,
        "facts": [],
    }
    try:
        report["value"] = values.encode(value)
    except values.NotPlain as reason:
        report["refused"] = str(reason)
    return report


class Outcome(Result):
    """Lo que dio una ejecución, como datos simples: lo mismo en tu kernel que al corregir.

    value: lo que devolvió la función.
    error: "ValueError: x", o None si terminó bien.
    elapsed: segundos del reloj de la ejecución.
    timeline: su línea de tiempo, un Timeline.
    requests: las llamadas que recibieron sus servicios.
    peak: cuántas de ellas llegaron a estar en curso a la vez.
    findings: los avisos, como tareas sin recoger o llamadas que bloquean el bucle.
    """

    @property
    def timeline(self) -> Timeline:
        """The run as a Timeline, which draws itself."""
        from grader.timeline.timeline import Timeline  # the judge's child never draws

        return Timeline.from_dict(self.recording)

    def expect(
        self,
        exercise: str,
        case: str = "",
        /,
        *,
        error: str | None = None,
        value: Any = _UNASKED,
        elapsed: float = _UNASKED,
        peak: int = _UNASKED,
        requests: int | Mapping[str, int] = _UNASKED,
        findings: Sequence[str] = (),
        causes: Sequence[Cause] = (),
        hint: str = "",
    ) -> None:
        """Escribe la línea ✓ de `case` si todo es como se espera; si no, lanza CheckFailed con la causa.

        exercise: el ejercicio, como lo llama su enunciado. case: qué se comprueba, en pocas palabras.
        error: el error con el que debe acabar la ejecución, o un ExceptionGroup; None si debe acabar bien.
        value: lo que debe devolver. Se compara con exactitud, tipos incluidos, pero un int vale por un float
            igual y los float se comparan hasta 1e-6. Una excepción es igual a otra de su tipo con su texto.
        elapsed: los segundos que debe durar. peak: cuántas llamadas deben coincidir, como máximo.
        requests: cuántas llamadas debe haber, o cuántas de cada final: {"done": 2, "cancelled": 1}.
        findings: los avisos que se esperan.
        causes: las causas que delata este ejercicio, de la más concreta a la más general.
        hint: la pista que se lee al final del mensaje.

        Se comparan en este orden, y el mensaje cuenta lo primero que no es así.
        """
        # A run for which the machine was too busy fails with the state "busy".
        asked = {"value": value, "elapsed": elapsed, "peak": peak, "requests": requests}
        fields: dict[str, Any] = {} if error is None else {"error": error}
        fields |= {name: wanted for name, wanted in asked.items() if wanted is not _UNASKED}
        _demand_known(findings)
        checked = Checked(self, exercise, case, hint, causes, fields | {"findings": findings})
        ENGINE.get().note(self, fields)
        failure = explain(checked)
        VERDICTS[checked.title] = "passed" if failure is None else failure.state
        if failure is None:
            ENGINE.get().passed(checked.title, checked.facts())
            return
        if failure.state == "failed" and self.recording and not self.unrun:
            ENGINE.get().show(self, None if elapsed is _UNASKED else elapsed)
        raise failure from None

    def _repr_mimebundle_(self, **options: Any) -> dict[str, str]:
        if self.unrun:
            return {"text/plain": "\n  ".join([f"✗ {not_run(self.unrun)[0]}", *not_run(self.unrun)[1:]])}
        if self.undefined:
            return {"text/plain": f"✗ {self.details['text']}"}
        if self.untried:
            return {"text/plain": f"○ {self.call} — sin intentar (aún es el esqueleto)"}
        if not self.recording:
            return {"text/plain": f"{self.call} → {self.value!r}"}
        return self.timeline._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        result = self.error or repr(self.value)
        return f"{self.call} → {result}"


def _demand_known(findings: Sequence[str]) -> None:
    for kind in findings:
        if kind not in KINDS:
            raise ValueError(f"no finding is of the kind {kind!r} (there are {', '.join(KINDS)})")


__all__ = ["VERDICTS", "CheckFailed", "Outcome", "answer", "run_real", "run_virtual"]
