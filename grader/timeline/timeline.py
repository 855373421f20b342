"""Timeline: a recording that shows itself, as a picture in a notebook and as text in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.timeline import text
from grader.timeline.model import Model, model
from grader.tracing.recorder import Recorder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Timeline(Recorder):
    """Records the tasks of its `with` block and, as the last expression of a cell, draws them.

    blocked_after: a step of so many seconds blocks the loop; a virtual clock notes every blocking call.
    Times in seconds. Raises RuntimeError where no task runs, or on a loop that is being recorded already.
    """

    def text(self) -> str:
        """Return the timeline as text of at most 100 columns."""
        return self.expecting(None).text()

    def plot(self, ax: Axes | None = None, *, legend: bool = True) -> Axes:
        """Dibuja la línea de tiempo con matplotlib: segundos en x y una fila por tarea en y.

        ax: dónde dibujarla, por ejemplo una de las zonas de `plt.subplots(2)`; sin él, en una figura nueva.
        legend: si lleva debajo qué significa cada color y cada marca.

        Devuelve los ejes, para combinarlos con otros, ampliarlos o guardarlos:

            fig, (arriba, abajo) = plt.subplots(2, figsize=(9, 5), layout="constrained")
            timeline.plot(arriba)
            abajo.bar(["antes", "después"], [3, 1])
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
        from grader.timeline import plot

        if not len(axes):
            return tuple(self.figure().axes)
        return plot.plot(plot.panels(self.panels, self.expected_end), axes, legend)

    def figure(self) -> Figure:
        """Devuelve el dibujo como Figure de matplotlib, para guardarlo."""
        from grader.timeline import plot

        return plot.figure(plot.panels(self.panels, self.expected_end))

    def svg(self, ink: str = "currentColor") -> str:
        """Return it as an SVG; ink: the colour of text and lines where a page does not give it."""
        from grader.timeline import svg

        return svg.inline(self.figure(), self.summary(), ink)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.svg(), "text/plain": self.text()}

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__


def compare(left: Any, right: Any) -> Picture:
    """Return two runs on one time axis, the excess of the longer one shaded.

    left, right: a Timeline or an Outcome, or a pair (title, one of these); without a title they are called
    "Tu solución" and "Esperado". Raises TypeError for anything else.
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
