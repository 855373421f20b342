"""A page of feedback as HTML: no script, no address, and everything that a student wrote is text."""

from __future__ import annotations

import base64
import html
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
MAX_PICTURE = 2_000_000  # characters; a larger one is told by its text alone
MAX_TEXT = 20_000  # characters of a text; of a longer one its beginning is shown
MAX_OWN = 100  # of the cells that a student added or changed

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fff; --quiet: #5d5d66; --line: #d9d9de;
  --block: #f5f5f7; --good: #116b2e; --bad: #a8201a }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e9ee; --paper: #16161a; --quiet: #a9a9b4;
  --line: #3a3a42; --block: #212127; --good: #7ddc9a; --bad: #ff9c92 } }
body { margin: 0 auto; max-width: 52rem; padding: 1rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.6rem; line-height: 1.25 } h2 { font-size: 1.25rem; margin-top: 2.5rem }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem }
.total { font-size: 1.25rem }
.quiet { color: var(--quiet) } .good { color: var(--good) } .bad { color: var(--bad) } a { color: inherit }
table { border-collapse: collapse; width: 100% } td, th { padding: .3rem .5rem; text-align: left;
  border-bottom: 1px solid var(--line); font-weight: inherit } td { text-align: right; white-space: nowrap }
pre { font: .85rem/1.45 ui-monospace, monospace; background: var(--block); border-radius: .4rem;
  padding: .75rem; margin: .5rem 0; overflow-x: auto; tab-size: 4 }
pre.words, pre.message { white-space: pre-wrap } pre.words { font: inherit }
ul { list-style: none; padding-left: .75rem; margin: .25rem 0 }
blockquote { margin: .5rem 0; padding-left: .75rem; border-left: .25rem solid var(--line) }
figure { margin: .5rem 0; overflow-x: auto } figure img { display: block; width: 100%; min-width: 34rem }
summary { cursor: pointer; padding: .4rem 0 }
""".strip()

THEMED = "<style>svg{color:#1b1b1f}@media(prefers-color-scheme:dark){svg{color:#e9e9ee}}</style>"


@dataclass(frozen=True)
class Picture:
    """A timeline: its drawing, "" if there is none, and its text."""

    svg: str
    text: str


@dataclass(frozen=True)
class Check:
    """A graded part. earned None: there is no mark yet. title, message: as the check said them."""

    title: str
    points: float
    earned: float | None
    message: str = ""
    said: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


@dataclass(frozen=True)
class Exercise:
    """What a student answered and got. extra: a reto, never part of the maximum. code: else it is prose."""

    title: str
    answer: str
    checks: list[Check]
    comment: str = ""
    extra: bool = False
    code: bool = True

    @property
    def points(self) -> float:
        return sum(check.points for check in self.checks)

    @property
    def earned(self) -> float:
        return sum(check.earned or 0.0 for check in self.checks)

    @property
    def pending(self) -> bool:
        return any(check.earned is None for check in self.checks)


@dataclass(frozen=True)
class Report:
    """All that a page says of a submission. own: the cells that the student added or changed."""

    section: str
    student: str
    exercises: list[Exercise]
    late: float = 0.0
    own: list[str] = field(default_factory=list)


def graded(report: Report) -> str:
    """Return the page of a submission that was graded."""
    core = [exercise for exercise in report.exercises if not exercise.extra]
    earned = sum(exercise.earned for exercise in core)
    extra = sum(exercise.earned for exercise in report.exercises if exercise.extra)
    extra -= max(report.late - earned, 0)  # nbgrader's discount is from all points together
    total = f"{max(earned - report.late, 0):g} de {sum(exercise.points for exercise in core):g} puntos"
    more = f" y {extra:g} extra" if extra else ""
    notes = [f"Descuento por entregar tarde: {report.late:g}."] if report.late else []
    if any(exercise.pending for exercise in report.exercises):
        notes.append("Falta por corregir lo que dice «sin nota»: el total puede subir.")
    parts = [
        *_head(report.section, report.student),
        f'<p class="total"><strong>{_text(total)}</strong>{_text(more)}</p>',
        *(f"<p>{_text(note)}</p>" for note in notes),
        *_table(report.exercises),
        *(
            line
            for number, exercise in enumerate(report.exercises, 1)
            for line in _exercise(number, exercise)
        ),
        *_own(report.own),
    ]
    return _page(f"{report.section}: {total}", parts)


def refused(section: str, student: str, reason: str) -> str:
    """Return the page of a submission that cannot be graded: why, and what to do."""
    why, _, remedy = reason.rpartition(": ")
    parts = [
        *_head(section, student),
        '<p class="total"><strong class="bad">No se puede calificar</strong></p>',
        "<p>No es un 0: la entrega no tiene nota hasta que se pueda leer.</p>",
        f"<h2>Por qué</h2>\n<p>{_sentence(why)}.</p>" if why else "",
        f"<h2>Qué hacer</h2>\n<p>{_sentence(remedy)}, y entrega otra vez.</p>",
    ]
    return _page(f"{section}: no se puede calificar", parts)


def _page(title: str, parts: Iterable[str]) -> str:
    head = [
        '<!DOCTYPE html>\n<html lang="es"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{_text(title)}</title>",
        f"<style>{STYLE}</style></head><body><main>",
    ]
    return "\n".join([*head, *filter(None, parts), "</main></body></html>\n"])


def _head(section: str, student: str) -> list[str]:
    return [f"<h1>{_text(section)}</h1>", f'<p class="quiet">Entrega de <bdi>{_text(student)}</bdi></p>']


def _sentence(text: str) -> str:
    return _text(text[:1].upper() + text[1:])


def _table(exercises: list[Exercise]) -> list[str]:
    rows = ["<table>"]
    for number, exercise in enumerate(exercises, 1):
        name = f'<th scope="row"><a href="#e{number}">{_text(exercise.title)}</a></th>'
        rows.append(f"<tr>{name}<td>{_score(exercise)}</td></tr>")
    return [*rows, "</table>"]


def _score(part: Exercise | Check, extra: bool = False) -> str:
    if part.earned is None or (isinstance(part, Exercise) and part.pending and not part.earned):
        return "sin nota"
    extra = extra or (isinstance(part, Exercise) and part.extra)
    return f"{part.earned:g} de {part.points:g}{' extra' if extra else ''}"


def _exercise(number: int, exercise: Exercise) -> list[str]:
    kind = "Tu código" if exercise.code else "Tu respuesta"
    shown = exercise.answer.strip("\n")
    answer = (
        _block(shown, "" if exercise.code else "words") if shown else '<p class="quiet">Sin respuesta.</p>'
    )
    comment = f"<h3>Comentario</h3><blockquote>{_block(exercise.comment, 'words')}</blockquote>"
    return [
        f'<section><h2 id="e{number}">{_text(exercise.title)} · {_score(exercise)}</h2>',
        *(line for check in exercise.checks if check.title for line in _check(check, exercise)),
        comment if exercise.comment.strip() else "",
        f"<h3>{kind}</h3>{answer}",
        "</section>",
    ]


def _check(check: Check, exercise: Exercise) -> list[str]:
    full = check.earned is not None and check.earned >= check.points
    kind = "good" if full else "quiet" if check.earned is None else "bad"
    name = f"{exercise.title} — "  # which the heading above says already
    said = [f"<li>{_text(line.replace(name, '', 1))}</li>" for line in check.said]
    title = _text(check.title.replace(name, "", 1))
    return [
        f'<h3><span class="{kind}">{title}</span> · {_score(check, exercise.extra)}</h3>',
        f"<ul>{''.join(said)}</ul>" if said else "",
        _block(textwrap.dedent(check.message), "message") if check.message.strip() else "",
        *map(_picture, check.pictures),
    ]


def _own(cells: list[str]) -> list[str]:
    if not cells:
        return []
    more = f'<p class="quiet">Y {len(cells) - MAX_OWN} celdas más.</p>' if len(cells) > MAX_OWN else ""
    return ["<section><h2>Tus otras celdas</h2>", *map(_block, cells[:MAX_OWN]), more, "</section>"]


def _block(text: str, kind: str = "") -> str:
    look = f' class="{kind}"' if kind else ""
    shown = (
        text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}\n… (recortado: tiene {len(text)} caracteres)"
    )
    return f'<pre{look} tabindex="0">{_text(shown)}</pre>'


def _picture(picture: Picture) -> str:
    """Return a drawing as an image, where nothing in it can run or ask for anything, and its text folded."""
    text = _block(picture.text) if picture.text else ""
    head, mark, body = picture.svg.partition(">")
    if not head.startswith("<svg ") or not mark or len(picture.svg) > MAX_PICTURE:
        return text
    label = re.search(r' aria-label="([^"]*)"', head)
    alt = html.unescape(label[1]) if label else "Línea de tiempo de tu código"
    data = base64.b64encode(_clean(f"{head}>{THEMED}{body}").encode()).decode()
    folded = f"<details><summary>La línea de tiempo como texto</summary>{text}</details>" if text else ""
    return f'<figure><img alt="{_text(alt)}" src="data:image/svg+xml;base64,{data}">{folded}</figure>'


def _clean(text: str) -> str:
    """Return a text without control characters and halves of characters: no page may hold them."""
    return re.sub(
        "[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n")
    )


def _text(text: str) -> str:
    return html.escape(_clean(text))
