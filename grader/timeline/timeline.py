"""Timeline: a recording that shows itself, as a picture in a notebook and as text in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from grader.timeline import text
from grader.timeline.model import Model, model
from grader.tracing.recorder import Recorder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


_MOST_DRAWN = 32
_drawn: dict[bytes, str] = {}  # SVGs, the oldest first


class Timeline(Recorder):
    """Graba las tareas de su bloque `with` y, como última expresión de una celda, las dibuja.

    blocked_after: un paso de tantos segundos bloquea el bucle; con el reloj virtual cuenta cada llamada que
    bloquea. Lanza RuntimeError donde no hay ninguna tarea, o si el bucle ya se está grabando.
    """

    def text(self) -> str:
        """Devuelve la línea de tiempo como texto, de 100 columnas como mucho."""
        return self.expecting(None).text()

    def plot(self, ax: Axes | None = None, *, legend: bool = True) -> Axes:
        """Dibuja la línea de tiempo con matplotlib: segundos en x y una fila por tarea en y.

        ax: dónde dibujarla, por ejemplo una de las zonas de `plt.subplots(2)`; sin él, en una figura nueva.
        legend: si lleva debajo qué significa cada color y cada marca.

        Devuelve los ejes, para combinarlos con otros, ampliarlos o guardarlos:

            import matplotlib.pyplot as plt

            fig, (arriba, abajo) = plt.subplots(2, figsize=(9, 5), layout="constrained")
            timeline.plot(arriba)
            abajo.bar(["una tras otra", "a la vez"], [3, 1])
            fig.savefig("informe.pdf")
        """
        return self.expecting(None).plot(() if ax is None else (ax,), legend=legend)[0]

    def figure(self) -> Figure:
        """Devuelve el dibujo como Figure de matplotlib, para guardarlo: `figure().savefig("a.pdf")`."""
        return self.expecting(None).figure()

    def expecting(self, end: float | None) -> Picture:
        """Return the picture with a dashed line where the run should have ended, in seconds."""
        return Picture((("", model(self.to_dict())),), end)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return self.expecting(None)._repr_mimebundle_()

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, repr=False)
class Picture:
    """One timeline, or two beside each other, to be shown."""

    panels: tuple[tuple[str, Model], ...]
    expected_end: float | None = None

    def text(self) -> str:
        """Return it as text of at most 100 columns."""
        if len(self.panels) == 1:
            return text.text(self.panels[0][1], self.expected_end)
        return text.text_of_two(*self.panels)

    def summary(self) -> str:
        """Return it as sentences, for screen readers."""
        if len(self.panels) == 1:
            return text.summary(self.panels[0][1], self.expected_end)
        return text.summary_of_two(*self.panels)

    def plot(self, axes: Sequence[Axes] = (), *, legend: bool = True) -> tuple[Axes, ...]:
        """Dibuja cada línea de tiempo con matplotlib; dos comparten el eje x.

        axes: dónde dibujarlas, una zona para cada una; sin ellas, en una figura nueva.
        legend: si lleva debajo qué significa cada color y cada marca.
        """
        from grader.timeline import layout, plot

        if not len(axes):
            return tuple(self.figure().axes)
        return plot.plot(layout.panels(self.panels, self.expected_end), axes, legend)

    def figure(self) -> Figure:
        """Devuelve el dibujo como Figure de matplotlib, para guardarlo."""
        from grader.timeline import layout, plot

        return plot.figure(layout.panels(self.panels, self.expected_end))

    def svg(self, ink: str = "currentColor") -> str:
        """Return it as an SVG; ink: the colour of text and lines where a page does not give it."""
        from grader.timeline import svg

        # The same attempt is shown by its own cell, by its check, and by whoever else made it.
        key = blake2b(repr((self.panels, self.expected_end, ink)).encode()).digest()
        if key not in _drawn:
            while len(_drawn) >= _MOST_DRAWN:
                del _drawn[next(iter(_drawn))]
            _drawn[key] = svg.inline(self.figure(), self.summary(), ink)
        return _drawn[key]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        scrolls = '<div style="overflow-x:auto"><div style="min-width:720px">'
        return {"text/html": f"{scrolls}\n{self.svg()}\n</div></div>", "text/plain": self.text()}

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__


def compare(left: Any, right: Any) -> Picture:
    """Compara dos ejecuciones sobre un mismo eje de tiempo; lo que una tarda de más va sombreado.

    left, right: un Timeline o un Outcome, o una pareja (título, uno de ellos); sin título se llaman
    «Tu solución» y «Esperado». Lanza TypeError con cualquier otra cosa.

    Se muestra como última expresión de una celda; con matplotlib, `compare(a, b).plot()` devuelve los dos
    ejes, que comparten x, y `compare(a, b).figure()` la figura, para guardarla.
    """
    return Picture((_panel(left, "Tu solución"), _panel(right, "Esperado")))


def _panel(side: Any, title: str) -> tuple[str, Model]:
    if isinstance(side, tuple) and len(side) == 2 and isinstance(side[0], str):
        title, side = side
    if getattr(side, "timed", True):  # an Outcome of `answer` has nothing to draw
        side = getattr(side, "timeline", side)
    if not isinstance(side, Recorder):
        raise TypeError(
            f"compare dibuja un Timeline o un Outcome con tareas, y esto es {type(side).__name__}"
        )
    return title, model(side.to_dict())
