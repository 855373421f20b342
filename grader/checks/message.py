"""What a check says: the short Spanish message of a failure, with the cause named when it is recognised."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from grader.checks.causes import Cause, Miss, durations, probable_cause, same, worded
from grader.checks.findings import seconds
from grader.checks.result import Result
from grader.checks.runner import GONE
from grader.checks.service import Request
from grader.checks.values import named_type, without_addresses


@dataclass(frozen=True)
class Unrun:
    """Why what a name means in this kernel is older than its cell.

    lines: what the student reads, the first a sentence; stale: what the name means all the same.
    """

    lines: tuple[str, ...]
    stale: Any = None


UNRUN: dict[str, Unrun] = {}  # by the name of a function or class
_COLUMNS = 96
_TOO_BUSY = "La máquina está demasiado ocupada: cierra otros programas y vuelve a ejecutar la celda."
_NAMES = {
    "peak": "a la vez",
    "error": "error",
    "value": "",
    "requests": "llamadas",
    "refused": "",
    "findings": "avisos",
}


class CheckFailed(AssertionError):
    """A check that did not hold; its text is what the student reads.

    state: "failed"; "untried"; or "busy", when the machine was too busy to find out. check, taught: the title
    and the cause in the words of the test cell, "" without: all that a hidden case tells, since the rest may
    hold what the submission chose.
    """

    def __init__(
        self, title: str, lines: list[str], state: str = "failed", check: str = "", taught: str = ""
    ) -> None:
        mark = "✗" if state == "failed" else "○"
        super().__init__("\n".join([f"{mark} {title}", *(f"  {line}" for line in lines)]))
        self.state, self._check, self._taught = state, check or title, taught

    def concealed(self) -> str:
        """Return the message of a hidden case: what kind of case failed, and nothing of its run."""
        return concealed(self._check, self._taught)

    def _render_traceback_(self) -> list[str]:
        # Wrapped here, because a notebook would go on at the margin.
        lines = (wrap(line, _COLUMNS, subsequent_indent="    ") for line in str(self).splitlines())
        return [piece for pieces in lines for piece in pieces]


def concealed(check: str, taught: str = "") -> str:
    """Return what a student reads of a hidden case that failed; the texts are the test cell's own."""
    lines = [f"✗ {check}", "  Falla un caso oculto: el mismo enunciado con otros datos."]
    return "\n".join(lines + [f"  {taught}"] * bool(taught))


@dataclass(frozen=True)
class Checked:
    """An outcome and what is expected of it.

    exercise: as its statement is headed, "3.1 fetch_all". case: what this check says of it, in a few words.
    fields: what is expected, in the order in which it is compared.
    """

    outcome: Result
    exercise: str
    case: str
    hint: str
    causes: Sequence[Cause]
    fields: Mapping[str, Any]

    @property
    def title(self) -> str:
        return f"{self.exercise} — {self.case}" if self.case else self.exercise

    def facts(self) -> str:
        """Return what a check that holds has observed, "" if there is nothing to tell."""
        outcome = self.outcome
        facts = [f"t = {seconds(outcome.elapsed)}"] if outcome.kind == "virtual" else []
        if outcome.peak > 1:
            facts.append(f"pico = {outcome.peak}")
        return f" ({', '.join(facts)})" if facts else ""


def explain(check: Checked) -> CheckFailed | None:
    """Return the failure of a check, or None when everything holds."""
    outcome = check.outcome
    if outcome.unrun:
        return CheckFailed(check.title, [*not_run(outcome.unrun), "Arréglala, ejecútala y repite."])
    if outcome.undefined:  # there is nothing to be called, and nothing else to be said
        return CheckFailed(check.title, str(outcome.details["text"]).splitlines())
    head = check.exercise
    if outcome.busy:
        return CheckFailed(f"{head} — sin veredicto", [_TOO_BUSY], "busy")
    if outcome.untried:
        return CheckFailed(f"{head} — sin intentar ({_untried(outcome, head)})", [], "untried", check.title)
    wanted = check.fields.get("findings", [])
    faults = [finding for finding in outcome.findings if finding.fault and finding.kind not in wanted]
    absent = [kind for kind in wanted if kind not in {finding.kind for finding in outcome.findings}]
    miss = _first_miss(check) or (Miss("findings", absent, []) if absent else None)
    if miss is None and not faults:
        return None
    cause = probable_cause(outcome, miss, check.causes, faults)
    called = outcome.kind != "answer"
    pace = _pace(outcome.requests)
    lines = [f"Llamé a:   {outcome.call}{pace}"] if called else []
    if miss is not None:
        shown = _differing(miss)
        lines += [f"Esperaba:  {_expected(shown, outcome)}", f"Obtuve:    {_obtained(shown, outcome)}"]
        if len(lines) > 1 and lines[-1].split()[1:] == lines[-2].split()[1:]:
            lines[-2] += f"   ({named_type(type(miss.expected))})"
            lines[-1] += f"   ({named_type(type(miss.actual))})"
    look = "Mira:      la línea de tiempo de tu intento." if outcome.timed else ""
    help_ = f"Pista: {check.hint}" if check.hint else "Pista: abre «▸ Pista 1 de 3»." if look else ""
    lines += filter(None, [cause, _where(outcome, faults), f"{look}   {help_}".strip()])
    taught = cause if cause in (worded(each.text) for each in check.causes) else ""
    return CheckFailed(check.title, lines, taught=taught)


def _untried(outcome: Result, head: str) -> str:
    """Return what is empty: this exercise, or another one whose name is not in the title."""
    if outcome.kind == "answer":
        return "la respuesta está vacía"
    stub = str(outcome.details.get("function", "")).partition(".")[0]
    other = f"`{stub}` " if stub.isidentifier() and stub not in head.split() else ""
    return f"{other}aún es el esqueleto"


def not_run(unrun: Mapping[str, Unrun]) -> tuple[str, ...]:
    """Return why a run says nothing of what the student has just written."""
    return next(iter(unrun.values())).lines


def syntax_error(error: SyntaxError, above: int = 0) -> tuple[str, ...]:
    """Return what Python says of a cell that is none, with its line; above: lines of the cell before it."""
    line = above + (error.lineno or 1)
    source = (error.text or "").strip()
    return f"Python:    {type(error).__name__}: {error.msg}", place_line(line, source)


def place_line(line: int, source: str) -> str:
    """Return the line of a message that says where."""
    return f"Dónde:     tu celda, línea {line}{f': {source}' if source else ''}"  # below %%time none is kept


def _first_miss(check: Checked) -> Miss | None:
    outcome = check.outcome
    if outcome.error is not None and "error" not in check.fields:
        return Miss("error", None, outcome.error)
    if outcome.refused is not None and "value" in check.fields:
        return Miss("refused", check.fields["value"], outcome.refused)
    for field, expected in check.fields.items():
        actual = _tally(outcome.requests, expected) if field == "requests" else getattr(outcome, field)
        if field != "findings" and not same(actual, expected):
            return Miss(field, expected, actual)
    return None


def _tally(requests: list[Request], like: Any) -> Any:
    """Return how many requests there were; if a dict is expected, by how they ended."""
    return dict(Counter(request.state for request in requests)) if isinstance(like, dict) else len(requests)


def _differing(miss: Miss) -> Miss:
    """Leave out of two long dicts what is equal in both."""
    old, new = miss.actual, miss.expected
    if not (isinstance(old, dict) and isinstance(new, dict)) or len(repr(old)) + len(repr(new)) <= 90:
        return miss
    equal = {key for key in old.keys() & new.keys() if same(old[key], new[key])}
    parts = [{key: value for key, value in whole.items() if key not in equal} for whole in (new, old)]
    return Miss(miss.field, *parts)


def _expected(miss: Miss, outcome: Result) -> str:
    if miss.field == "elapsed":
        spans = durations(outcome.requests)
        longest = "   (la más larga)" if spans and same(float(max(spans)), miss.expected) else ""
        return f"{seconds(miss.expected)}{_clock(outcome)}{longest}"
    if miss.field == "error":
        return "que terminara sin error" if miss.expected is None else str(miss.expected)
    return f"{_window(miss.expected, miss.actual)} {_NAMES.get(miss.field, miss.field)}".strip()


def _obtained(miss: Miss, outcome: Result) -> str:
    if miss.field == "elapsed":
        spans = durations(outcome.requests)
        total = " + ".join(seconds(duration)[:-2] for duration in spans)
        whole = len(spans) > 1 and same(float(sum(spans)), miss.actual)
        return f"{seconds(miss.actual)}{f'   (la suma: {total})' if whole and len(total) < 60 else ''}"
    if miss.field == "error":
        return _told(outcome.details) if miss.actual else "ningún error"
    if miss.field == "refused":
        return f"{miss.actual}{' sin esperar' if miss.actual == 'una corrutina' else ''}"
    if miss.field == "findings":
        return "nada de eso"
    parting = _parting(miss.actual, miss.expected)
    return f"{_window(miss.actual, miss.expected)} {_NAMES.get(miss.field, miss.field)}".strip() + parting


def _told(details: Mapping[str, Any]) -> str:
    """Return an error in one line: the leaves of a group, a stuck run without its type."""
    if leaves := details.get("leaves"):
        return f"{details['type']} con {_short(leaves)[1:-1]}"
    first: str = details["text"].splitlines()[0]
    if details["type"] not in ("Deadlock", "Runaway", "TooLong", GONE):
        return first
    told = first.partition(": ")[2]
    if details["type"] == GONE:
        return told if told.startswith("la entrega") else f"tu programa {told}"
    return told.partition(": ")[0] if details["type"] == "Deadlock" else told  # the cause says the rest


_WIDTH = 90  # characters of a value


def _window(value: Any, other: Any) -> str:
    """Return a value in short, so that it shows where it differs from the other one."""
    texts = [without_addresses(repr(each)) for each in (value, other)]
    if max(map(len, texts)) <= _WIDTH or texts[0] == texts[1]:
        return _short(value)
    pairs = zip(*texts, strict=False)
    common = next((at for at, (a, b) in enumerate(pairs) if a != b), min(map(len, texts)))
    if common < _WIDTH - 20:  # it can be seen among the first
        return _short(value)
    begin = texts[0].rfind(" ", 0, common - 8) + 1 or common - 20
    rest = texts[0][begin:]
    return "..." + (rest if len(rest) <= _WIDTH - 3 else rest[: _WIDTH - 6] + "...")


def _parting(actual: Any, expected: Any) -> str:
    """Say where two long sequences part."""
    if not (isinstance(actual, list) and isinstance(expected, list) and len(expected) > 4):
        return ""
    pairs = zip(actual, expected, strict=False)
    index = next((i for i, (a, e) in enumerate(pairs) if not same(a, e)), min(len(actual), len(expected)))
    return f"   (se separan en el n.º {index + 1})"


def _clock(outcome: Result) -> str:
    return " de reloj virtual" if outcome.kind == "virtual" else ""


def _pace(requests: list[Request]) -> str:
    """Say how long the services of the run take: "(los fetch tardan 3, 2 y 1 s)".

    Told is what each call takes by its service, also one that was ended before; with its argument, unless the
    calls stand in the order of their arguments.
    """
    calls: dict[str, list[tuple[Any, float]]] = {}
    for request in requests:
        if request.delay > 0:
            given = request.args[0] if request.args else None
            calls.setdefault(request.service, []).append((given, request.delay))
    texts = []
    for name, each in calls.items():
        spent = [takes for _, takes in each]
        if len(set(spent)) == 1:
            texts.append(f"{'cada ' * (len(spent) > 1)}{name} tarda {seconds(spent[0])}")
        elif len(each) <= 6 and _in_order([given for given, _ in each]):
            texts.append(f"los {name} tardan {_listed([seconds(takes)[:-2] for takes in spent])} s")
        elif len(told := [*dict.fromkeys(f"{seconds(t)} con {_short(given)}" for given, t in each)]) <= 6:
            texts.append(f"{name} tarda {_listed(told)}")
    whole = f"   ({'; '.join(texts)})" if texts else ""
    return whole if len(whole) <= 2 * _WIDTH else ""


def _in_order(given: list[Any]) -> bool:
    """Tell whether arguments that can be compared never fall."""
    try:
        return all(a <= b for a, b in itertools.pairwise(given))
    except TypeError:
        return True


def _listed(texts: list[str]) -> str:
    return " y ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def _where(outcome: Result, faults: list[Any]) -> str:
    details = outcome.details
    if details.get("line"):
        return place_line(details["line"], details["source"])
    line = next((fault.line for fault in faults if fault.line), None)
    return place_line(line, "") if line else ""


def _short(value: object) -> str:
    text = without_addresses(repr(value))
    return text if len(text) <= _WIDTH else text[: _WIDTH - 3] + "..."


def describe_call(kind: str, fn: Any, args: tuple[Any, ...]) -> str:
    """Return a call as the student would write it: fetch_all([1, 2, 3], fetch)."""
    texts = [name_of(arg) or _short(arg) for arg in args]
    if kind == "answer":
        return texts[0]
    return f"{name_of(fn) or 'fn'}({', '.join(texts)})"


def name_of(thing: Any) -> str:
    """Return the name of a function or class, "" for anything else."""
    name = getattr(thing, "__name__", None)
    return name if isinstance(name, str) else ""
