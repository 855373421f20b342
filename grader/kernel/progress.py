"""%progress: the verdicts of this kernel's checks as a bar, in words and signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

_STATES = {
    "passed": ("✓", "superada"),
    "failed": ("✗", "fallida"),
    "untried": ("○", "sin intentar"),
    "busy": ("○", "por repetir"),
}
_WIDTH = 20  # characters of the bar


def magic() -> Callable[[str], None]:
    """Return the function of `%progress`."""

    def progress(line: str) -> None:
        """Muestra cuántas comprobaciones de este kernel están superadas."""
        from IPython.display import display

        from grader.checks.outcome import VERDICTS

        display(bundle(VERDICTS), raw=True)  # type: ignore[no-untyped-call]

    return progress


def bundle(verdicts: Mapping[str, str]) -> dict[str, str]:
    """Return verdicts (title of a check -> a key of _STATES) as text/plain and text/html."""
    if not verdicts:
        text = "Aún no hay comprobaciones en este kernel: ejecuta las celdas de prueba."
        return {"text/plain": text, "text/html": f"<p>{text}</p>"}
    passed = sum(state == "passed" for state in verdicts.values())
    headline = f"{passed} de {len(verdicts)} comprobaciones superadas"
    rows = [(*_STATES[state], title) for title, state in verdicts.items()]
    return {
        "text/plain": "\n".join([f"[{_bar(passed, len(verdicts))}] {headline}", *map(_text_row, rows)]),
        "text/html": _html(passed, len(verdicts), headline, rows),
    }


def _bar(passed: int, total: int) -> str:
    filled = passed * _WIDTH // total
    return "█" * filled + "·" * (_WIDTH - filled)


def _text_row(row: tuple[str, str, str]) -> str:
    sign, word, title = row
    return f"{sign} {word:<12}  {title}"


def _html(passed: int, total: int, headline: str, rows: list[tuple[str, str, str]]) -> str:
    """Draw with currentColor, which follows the theme; the state stands in sign and word."""
    bar = (
        f'<div role="progressbar" aria-label="{headline}" aria-valuemin="0" aria-valuemax="{total}"'
        f' aria-valuenow="{passed}" style="border:1px solid currentColor;height:0.8em;max-width:24em">'
        f'<div style="background:currentColor;height:100%;width:{100 * passed / total:.4g}%"></div></div>'
    )
    items = "".join(f"<li>{sign} {word}: {escape(title)}</li>" for sign, word, title in rows)
    return f'<p>{headline}</p>{bar}<ul style="list-style:none;padding-left:0">{items}</ul>'
