"""service: a made-up remote service whose delays, answers, errors and log are the teacher's."""

from __future__ import annotations

import asyncio
import copy
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

_ECHO = object()
_LETTERS = "bcdfghjkmnpqrstvwxz23456789"  # no vowels: no words
_chance = random.SystemRandom()


@dataclass(frozen=True)
class Request:
    """One call of a service: instants in seconds since the run began; `end` is None while in flight."""

    service: str
    args: tuple[Any, ...]
    start: float
    end: float | None
    state: str  # "done", "failed", "cancelled", "pending"
    token: str = ""  # what nobody could guess of its answer, drawn by Tokens
    delay: float = field(default=0.0, compare=False)  # seconds that it takes if nobody ends it


@dataclass(frozen=True)
class Ticket:
    """A call accepted by a book: its number, the seconds it takes, and its answer once known."""

    number: int
    delay: float
    answer: Answer | None


@dataclass(frozen=True)
class Answer:
    """What a service says: a value, or the exception it raises."""

    value: Any
    error: BaseException | None = None

    def unwrap(self) -> Any:
        if self.error is not None:
            # A copy: the traceback of a raised exception would keep the caller's frames, and its task, alive.
            raise copy.copy(self.error)
        return self.value


class Tokens:
    """Respuestas que nadie puede adivinar: una al azar por cada argumento, distinta en cada ejecución.

    Como `reply` de un servicio contesta la llamada; en la celda de pruebas dice qué se contestó:
    `service(reply=answers)`, y después `expect(value=[answers(1), answers(2)], elapsed=3)`.

    kind: str, que empieza por el argumento ("ana·k3x9w"), o int, de nueve cifras.
    """

    _run = 0  # counts the runs of this process
    _drawn: str = ""  # the last token that was asked for

    def __init__(self, kind: type[str] | type[int] = str) -> None:
        self._kind = kind
        self._known: dict[str, Any] = {}
        self._since = 0

    @classmethod
    def draw_anew(cls) -> None:
        """Begin a run: what services answered before helps nobody any more."""
        cls._run += 1

    @classmethod
    def last_drawn(cls) -> str:
        """Return the token that was asked for since the last look, "" if none was."""
        drawn, Tokens._drawn = Tokens._drawn, ""
        return drawn

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._since != Tokens._run:
            self._known, self._since = {}, Tokens._run
        given = _all(args, kwargs)
        key = repr(given)
        if key not in self._known:
            self._known[key] = self._draw(given)
        Tokens._drawn = str(self._known[key])
        return self._known[key]

    def _draw(self, args: tuple[Any, ...]) -> str | int:
        if self._kind is int:
            return _chance.randrange(10**8, 10**9)
        secret = "".join(_chance.choices(_LETTERS, k=6))
        return f"{args[0]}·{secret}" if args and isinstance(args[0], str | int) else secret


class Book(Protocol):
    """Where a run's calls are written: in this process, or in the judge."""

    def begin(self, service: Service, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Ticket: ...
    def cancel(self, ticket: Ticket) -> None: ...
    def finish(self, ticket: Ticket) -> Answer: ...
    def close(self) -> None: ...


BOOK: ContextVar[Book | None] = ContextVar("grader_book", default=None)
# The loops of the runs of this process, and what is told the name of a service that another loop calls.
RUNNING: dict[asyncio.AbstractEventLoop, Callable[[str], None]] = {}


class Service:
    """An async callable: `await fetch(1)` takes its delay and gives its answer, or its error."""

    def __init__(self, name: str, delay: Any, reply: Any, fail: Any, default: float | None = None) -> None:
        self.name, self._delay, self._reply, self._fail = name, delay, reply, fail
        self._default = default
        self.number = 0  # its number in the judge, for a stub

    @classmethod
    def stub(cls, name: str, number: int) -> Service:
        """Return a service whose delays and answers are somebody else's: the judge's."""
        made = cls(name, 0, None, None)
        made.number = number
        return made

    def __repr__(self) -> str:
        return self.name

    def __call__(self, *args: Any, **kwargs: Any) -> Coroutine[Any, Any, Any]:
        call: Any = self._answer(*args, **kwargs)
        call.__name__ = call.__qualname__ = self.name  # a forgotten call is reported under this name
        made: Coroutine[Any, Any, Any] = call
        return made

    async def _answer(self, *args: Any, **kwargs: Any) -> Any:
        label = f"{self.name}({', '.join(map(_short, _all(args, kwargs)))})"  # noqa: F841  read by grader.loop.awaits
        loop = asyncio.get_running_loop()
        if RUNNING and loop not in RUNNING:  # as a client of the network, which belongs to a loop
            for tell in [*RUNNING.values()]:
                tell(self.name)
            raise RuntimeError(f"{self.name} is bound to a different event loop")
        book = BOOK.get() or LocalBook(Ledger(), loop.time)
        ticket = book.begin(self, args, kwargs)
        if ticket.delay > 0:
            try:
                await asyncio.sleep(ticket.delay)
            except BaseException:
                book.cancel(ticket)
                raise
        return book.finish(ticket).unwrap()

    def decide(self, call: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[float, Answer]:
        """Return how long call number `call` (from 0) takes, in seconds, and what it answers.

        Arguments that the teacher's functions cannot use are refused at once with the error they raise.
        """
        try:
            return self._decide(call, args, kwargs)
        except Exception as error:
            return 0.0, Answer(None, error)

    def _decide(self, call: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[float, Answer]:
        first = next(iter(_all(args, kwargs)), None)
        if isinstance(self._delay, Mapping) and first not in self._delay and self._default is None:
            raise ValueError(f"{self.name} no espera {_short(first)}")
        delay = float(_choose(self._delay, self._default, call, args, kwargs))
        error = _choose(self._fail, None, call, args, kwargs)
        if isinstance(error, type):
            error = error()
        if error is not None:
            return delay, Answer(None, error)
        if self._reply is _ECHO:
            return delay, Answer(first)
        return delay, Answer(self._reply(*args, **kwargs) if callable(self._reply) else self._reply)


def service(
    *,
    delay: Any = 1,
    reply: Any = _ECHO,
    fail: Any = None,
    name: str = "service",
    default: float | None = None,
) -> Callable[..., Any]:
    """Devuelve una función asíncrona que se comporta como un servicio remoto y anota cada llamada.

    delay: segundos que tarda una llamada.
    reply: lo que responde, o una función de los argumentos; si no se dice, su primer argumento.
    fail: la excepción que lanza, o None.
    name: cómo se llama en los mensajes y en las líneas de tiempo.
    default: segundos que tarda un argumento que el dict de `delay` no nombra; si no se dice, la llamada
    lanza ValueError.

    `delay` y `fail` también pueden ser una lista (una entrada por llamada; la última se repite), un dict por
    primer argumento (el que `fail` no nombra no falla) o una función de los argumentos. Un argumento con
    nombre cuenta como si se diera sin él.
    """
    return Service(name, delay, reply, fail, default)


def _choose(option: Any, default: Any, call: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if isinstance(option, Mapping):
        return option.get(next(iter(_all(args, kwargs)), None), default)
    if isinstance(option, list):
        return option[min(call, len(option) - 1)]
    if callable(option) and not isinstance(option, type):
        return option(*args, **kwargs)
    return option


def _all(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the arguments of a call, those by name as if they had been given without it."""
    return (*args, *kwargs.values())


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 20 else text[:17] + "..."


class Ledger:
    """The log of all services of one run; whoever holds it decides delays and answers."""

    def __init__(self) -> None:
        self._requests: list[Request] = []
        self._planned: list[float] = []
        self._answers: list[Answer] = []
        self._calls: dict[int, int] = {}

    def begin(
        self, service: Service, args: tuple[Any, ...], kwargs: dict[str, Any], now: float
    ) -> tuple[int, float]:
        """Write a call at `now`; return its number and the seconds it takes."""
        call = self._calls.get(id(service), 0)
        self._calls[id(service)] = call + 1
        Tokens.last_drawn()
        delay, answer = service.decide(call, args, kwargs)
        token = Tokens.last_drawn()
        self._requests.append(Request(service.name, _all(args, kwargs), now, None, "pending", token, delay))
        self._planned.append(round(now + max(delay, 0.0), 9))  # as the clock of the run
        self._answers.append(answer)
        return len(self._requests) - 1, delay

    def cancel(self, number: int, now: float) -> None:
        """Note that the caller of `number` went away at `now`, unless the answer was there before."""
        request = self._requests[number]
        if request.state == "pending" and now < self._planned[number]:
            self._requests[number] = replace(request, end=now, state="cancelled")

    def has(self, number: int) -> bool:
        """Tell whether a call of this number was written."""
        return number < len(self._requests)

    def answer(self, number: int) -> Answer:
        return self._answers[number]

    def close(self, now: float) -> list[Request]:
        """Return the log as it stands at `now`: what the service answered, and what it had not yet."""
        return [self._settled(i, request, now) for i, request in enumerate(self._requests)]

    def _settled(self, number: int, request: Request, now: float) -> Request:
        if request.state == "cancelled" or self._planned[number] > now + 1e-9:
            return request
        state = "done" if self._answers[number].error is None else "failed"
        return replace(request, end=min(self._planned[number], now), state=state)


class LocalBook:
    """A book kept in this process, on the clock of the loop that runs."""

    def __init__(self, ledger: Ledger, clock: Callable[[], float]) -> None:
        self._ledger, self._clock = ledger, clock
        self.requests: list[Request] | None = None

    def begin(self, service: Service, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Ticket:
        number, delay = self._ledger.begin(service, args, kwargs, self._clock())
        return Ticket(number, delay, None)

    def cancel(self, ticket: Ticket) -> None:
        self._ledger.cancel(ticket.number, self._clock())

    def finish(self, ticket: Ticket) -> Answer:
        return self._ledger.answer(ticket.number)

    def close(self) -> None:
        """End the log here: the clean-up of a run is not part of it."""
        self.requests = self._ledger.close(self._clock())


class Span(Protocol):
    """Something with a beginning, and an end unless it goes on."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float | None: ...


def peak(requests: Sequence[Span]) -> int:
    """Return how many requests were in flight at once, at most; one that took no time does not count."""
    events = []
    for request in requests:
        if request.end != request.start:
            events.append((request.start, 1))
            events.append((float("inf") if request.end is None else request.end, -1))
    events.sort()  # at one instant those that end (-1) go before those that start
    flying = highest = 0
    for _, change in events:
        flying += change
        highest = max(highest, flying)
    return highest
