"""What an exception tells of the mistake behind it, as long as its frames are there to be looked at."""

from __future__ import annotations

import ast
import asyncio
import builtins
import difflib
import inspect
import linecache
import os
import sys
import textwrap
import traceback
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from grader.checks.service import Service
from grader.checks.values import error_text, named_type
from grader.loop.awaits import is_user_file
from grader.loop.wording import name_in, recognise

GIVEN: set[str] = set()  # files of the cells that the course gives: none of their lines is a student's
CHECKS = "checks.py"  # beside a notebook, with the scenarios of its tests

Fact = dict[str, Any]
Owner = Callable[[str], bool]


def owner(cell: str) -> Owner:
    """Return a function that tells whether code of a file is the student's; cell: the test cell's file."""

    def is_own(file: str) -> bool:
        known = file == cell or file in GIVEN or os.path.basename(file) == CHECKS
        return not known and is_user_file(file)

    return is_own


class Step(NamedTuple):
    """One frame that an exception went through, and the line."""

    frame: types.FrameType
    line: int

    @property
    def file(self) -> str:
        return self.frame.f_code.co_filename


class Look:
    """An exception with the frames that it went through.

    by_test: whether the innermost code that is no library's is the test's own: then it is what the student
    gave it that does not fit.
    """

    def __init__(self, error: BaseException, is_own: Owner, known: Sequence[Any] = ()) -> None:
        self.error, self.text, self.known = error, error_text(error), known
        self.steps = [Step(frame, line) for frame, line in traceback.walk_tb(error.__traceback__)]
        self.own = [step for step in self.steps if is_own(step.file)]
        user = [step for step in self.steps if is_user_file(step.file)]
        self.by_test = not user or not is_own(user[-1].file)

    def given(self, *names: str) -> Any:
        """Return what the innermost library function with one of these parameters was given."""
        for step in reversed(self.steps):
            if is_user_file(step.file):
                break
            for name in names:
                if name in step.frame.f_locals:
                    return step.frame.f_locals[name]
        return _NOTHING

    @property
    def called(self) -> str:
        """The function of asyncio that the innermost code of a user called, "" if none."""
        name = ""
        for step in reversed(self.steps):
            if is_user_file(step.file):
                break
            name = step.frame.f_code.co_name if step.file.startswith(_ASYNCIO) else name
        return name


_NOTHING = object()
_ASYNCIO = os.path.join(os.path.dirname(asyncio.__file__), "")


def mistakes(error: BaseException, is_own: Owner, known: Sequence[Any] = ()) -> list[Fact]:
    """Return what is sure of the mistake behind an exception, or behind the leaves of a group; each once.

    known: what the test was given.
    """
    found: list[Fact] = []
    for leaf in _leaves(error):
        look = Look(leaf, is_own, known)
        try:
            if isinstance(leaf, NotImplementedError):
                facts = _stub(look)
            else:
                facts = [_fact(told) for told in [next(_recognised(look), None)] if told]
        except Exception:  # whatever the program gave may not like to be looked at
            facts = []
        found += [fact for fact in facts if fact not in found]
    return found


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]


class _Usual(str):
    """Told of a mistake of which an exercise may know more: its own cause for the error comes first."""


def _fact(told: str) -> Fact:
    return {"kind": "slip" if isinstance(told, _Usual) else "mistake", "what": str(told), "line": None}


# The stub


def _stub(look: Look) -> list[Fact]:
    """Return where the stub's `raise` was left: below finished code, or in one method of several.

    Nothing for an exercise that nobody has begun, or for a test that says so itself.
    """
    if look.by_test or not look.own:
        return []
    step = look.own[-1]
    code = step.frame.f_code
    if not _is_bare(code) or "<locals>" in code.co_qualname:  # whatever holds it has run up to here
        return [{"kind": "stub-left", "what": code.co_qualname, "line": step.line}]
    first = step.frame.f_locals.get(code.co_varnames[0]) if code.co_argcount else None
    codes = [inner for method in vars(type(first)).values() if (inner := _code_of(method)) is not None]
    begun = [c for c in codes if c.co_filename == code.co_filename and not _is_bare(c)]
    if code in codes and begun:
        return [{"kind": "stub-method", "what": code.co_qualname, "line": step.line}]
    return []


def _code_of(method: Any) -> types.CodeType | None:
    if isinstance(method, property):
        method = method.fget
    return getattr(getattr(method, "__func__", method), "__code__", None)


def _is_bare(code: types.CodeType) -> bool:
    """Tell whether a function is the stub as it was released: a docstring, and the error."""
    node = _definition(code)
    if node is None:
        return True
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    if len(body) != 1 or not isinstance(body[0], ast.Raise) or body[0].exc is None:
        return False
    raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _definition(code: types.CodeType) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    lines = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :]
    try:
        [node] = ast.parse(textwrap.dedent("".join(inspect.getblock(lines)))).body
    except (SyntaxError, ValueError, IndexError):
        return None
    return node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else None


# What can be recognised


def _recognised(look: Look) -> Iterator[str]:
    error = look.error
    if isinstance(error, NameError):
        yield from _of_a_name(look, error)
    if isinstance(error, AttributeError):
        yield from _of_an_attribute(look, error)
    if isinstance(error, TypeError):
        yield from _of_awaitables(look)
        yield from _of_an_await(look)
        yield from _of_a_call(look)
    if isinstance(error, RuntimeError) and recognise("yields what is no future", look.text):
        yield _bad_yield(look)
    yield from _of_a_protocol(look)


# Names

_HOMES = {
    name: module
    for module, names in {
        "collections": "deque Counter defaultdict OrderedDict",
        "collections.abc": "Callable Awaitable Coroutine Iterator Iterable Sequence AsyncIterator",
        "contextlib": "contextmanager asynccontextmanager suppress aclosing AsyncExitStack ExitStack",
        "dataclasses": "dataclass field",
        "functools": "wraps partial cache lru_cache",
        "concurrent.futures": "ThreadPoolExecutor ProcessPoolExecutor InterpreterPoolExecutor",
        "typing": "Any List Dict Tuple Set Optional Union TypeVar Generic NamedTuple Protocol",
        "heapq": "heappush heappop heapify",
    }.items()
    for name in names.split()
}


def home_of(name: str) -> str:
    """Return where a name comes from that has not been imported, as the line that is missing; or ""."""
    if name in _HOMES:
        return f"falta `from {_HOMES[name]} import {name}`"
    if name in asyncio.__all__:
        return f"`{name}` está en asyncio: escribe `asyncio.{name}`"
    if name in sys.stdlib_module_names and not name.startswith("_"):
        return f"falta `import {name}`"
    return ""


def closest(name: str, names: Any) -> str:
    """Return which of the names is meant by one that does not exist, "" if none is like it.

    fetchAll is like fetch_all.
    """
    plain = {_plain(each): each for each in sorted(map(str, names)) if each != name and each[:2] != "__"}
    found = difflib.get_close_matches(_plain(name), plain, 1, 0.75)
    return plain[found[0]] if found else ""


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _of_a_name(look: Look, error: NameError) -> Iterator[str]:
    name = error.name or ""
    if not name or isinstance(error, UnboundLocalError) or not look.steps:
        return
    if home := home_of(name):
        yield f"el nombre `{name}` no existe: {home}"
    frame = look.steps[-1].frame
    if found := closest(name, [*frame.f_locals, *frame.f_globals, *vars(builtins)]):
        yield f"el nombre `{name}` no existe: ¿querías decir `{found}`?"


def _of_an_attribute(look: Look, error: AttributeError) -> Iterator[str]:
    name, thing = error.name or "", error.obj
    if isinstance(thing, types.CoroutineType) and not look.by_test:
        return  # `await` is missing, whatever the attribute is called
    if name and not look.by_test and thing is not None and (found := closest(name, dir(thing))):
        of = f"`{thing.__name__}`" if isinstance(thing, types.ModuleType) else named_type(type(thing))
        yield f"{of} no tiene `{name}`: ¿querías decir `{found}`?"


# Awaitables

_MANY = (list, tuple, set, frozenset, dict, types.GeneratorType, map, filter)
_CALLABLES = (
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
    Service,
    type,
)


def _of_awaitables(look: Look) -> Iterator[str]:
    """Tell what a function of asyncio was given in place of a coroutine or a task."""
    if look.by_test:
        return
    given = look.given("coros_or_futures")
    if given is not _NOTHING and isinstance(given, tuple):
        wrong = [each for each in given if not inspect.isawaitable(each)]
        if wrong:
            yield _not_awaitable("gather", wrong[0])
        return
    given = look.given("coro_or_future", "coro", "fut", "arg")
    wording = "gathers no awaitable", "makes a task of no coroutine"
    if given is _NOTHING or not any(recognise(each, look.text) for each in wording):
        return
    if asyncio.isfuture(given):
        what = "una tarea" if isinstance(given, asyncio.Task) else "un futuro"
        yield f"lo que das a `{look.called}` ya es {what}, y quiere una corrutina: espéralo con `await`"
    elif not inspect.iscoroutine(given):
        yield _not_awaitable(look.called, given)


def _not_awaitable(function: str, given: Any) -> str:
    if isinstance(given, _CALLABLES):
        return _Usual(f"pasas a `{function}` la función donde va su llamada: ¿faltan los paréntesis?")
    kind = named_type(type(given))
    if isinstance(given, types.AsyncGeneratorType):
        return f"das a `{function}` {kind}, que no se espera: se recorre con `async for`"
    if isinstance(given, _MANY) and _holds_awaitables(given):
        if function == "gather":
            return f"falta `*`: `gather(*...)` quiere las corrutinas una a una y recibe {kind}"
        return f"`{function}` quiere una sola corrutina y recibe {kind}: llámala una vez por cada una"
    if given is None:
        return f"das a `{function}` `None`, no una corrutina: sobra `await`, o la función no es asíncrona"
    return f"sobra `await`: `{function}` quiere la corrutina y recibe {kind}, que ya es su resultado"


def _holds_awaitables(many: Any) -> bool:
    if isinstance(many, types.GeneratorType | map | filter):
        return True
    return not many or any(inspect.isawaitable(each) or callable(each) for each in many)


def _of_an_await(look: Look) -> Iterator[str]:
    kind = name_in("awaits a kind", look.text).rpartition(".")[2]
    if not kind or not look.steps:
        return
    if look.by_test:
        yield from _returned(kind, "se espera con `await`")
    elif kind in ("list", "tuple", "set", "dict", "generator"):
        yield f"esperas {named_type(kind)}: `await` espera una sola cosa; para varias, `asyncio.gather(*...)`"
    elif kind == "async_generator":
        yield "esperas un generador asíncrono, que no se espera: se recorre con `async for`"
    elif kind in ("function", "method", "Service", "builtin_function_or_method"):
        yield _Usual("esperas la función, no su llamada: ¿faltan los paréntesis?")


def _returned(kind: str, use: str) -> Iterator[str]:
    """Tell of a function of the student's that gives a kind of thing which the test cannot await."""
    if kind == "generator":
        yield (
            "tu función es un `def` con `yield`, un generador normal, y su resultado "
            f"{use}: ¿falta `async`, o sobra el `yield`?"
        )
    elif kind == "async_generator":
        yield f"tu función lleva `yield`: es un generador asíncrono, y su resultado {use}: usa `return`"
    elif kind == "coroutine":
        yield f"tu función es `async def` y lo que devuelve es otra corrutina: su resultado {use}"


# Calls


def _of_a_call(look: Look) -> Iterator[str]:
    if recognise("gives create_task arguments", look.text):
        yield _Usual(
            "pasas a `create_task` la función y sus argumentos: quiere la corrutina, `create_task(fn(x))`"
        )
        return
    many, few = recognise("takes other arguments", look.text), recognise("lacks arguments", look.text)
    unknown = recognise("unknown argument", look.text)
    found = many or few or unknown
    if not found or not look.steps:
        return
    name = found[1].rpartition("<locals>.")[2]
    if look.by_test and _lacks_self(look, found[1]):
        yield f"al método `{name}` le falta `self`, su primer parámetro"
        return
    yours = "tu definición" if look.by_test else "la función"
    who = f"el enunciado llama a `{name}`" if look.by_test else f"llamas a `{name}`"
    if many:
        takes, gets = many[2], many[3]
        count = f"{gets} argumento{'s' * (gets != '1')}"
        takes = takes.replace("from ", "de ").replace(" to ", " a ")
        yield f"{who} con {count}, y {yours} recibe {takes}"
    elif few:
        names = few[2].replace(", and ", " y ").replace(" and ", " y ").replace("'", "`")
        yield f"{who} sin {names}, que {yours} exige"
    elif unknown:
        yield f"{who} con `{unknown[2]}=`, y {yours} no tiene ese parámetro"


def _lacks_self(look: Look, name: str) -> bool:
    """Tell whether a method of a class that the test knows was written without `self`."""
    class_name, _, method = name.rpartition(".")
    for step in reversed(look.steps):
        for thing in [*look.known, *step.frame.f_locals.values(), *step.frame.f_globals.values()]:
            kind = thing if isinstance(thing, type) else type(thing)
            if kind.__qualname__ == class_name and isinstance(
                function := vars(kind).get(method), types.FunctionType
            ):
                return function.__code__.co_varnames[:1] not in (("self",), ("cls",))
    return False


# Protocols: what can be iterated over, entered, called


def _of_a_protocol(look: Look) -> Iterator[str]:
    if found := recognise("no async context manager", look.text):
        yield from _not_entered(look, found[1], "async with")
    elif found := recognise("no plain context manager", look.text):
        yield from _not_entered(look, found[1], "with")
    elif found := recognise("no async iterable", look.text) or recognise("no async iterator", look.text):
        yield from _not_iterated(look, found[1])
    elif look.by_test and recognise("for over an async generator", look.text):
        yield "tu función es un generador asíncrono (`async def` con `yield`), y se pide un `def` normal"
    if look.by_test and recognise("uses a coroutine", look.text):
        yield (
            "tu función es `async def` y se pide un `def` normal: "
            "quien la llama recibe una corrutina, no su resultado"
        )
    if not look.by_test and (found := recognise("uses a future", look.text)):
        yield f"usas {named_type(found[1])} como si fuera su resultado: falta `await`"


def _not_entered(look: Look, kind: str, use: str) -> Iterator[str]:
    asynchronous = use == "async with"
    decorator = "@asynccontextmanager" if asynchronous else "@contextmanager"
    which = "tu función" if look.by_test else "la función"
    if kind == ("async_generator" if asynchronous else "generator"):
        yield f"{which} tiene `yield` y se usa en `{use}`: le falta el decorador `{decorator}`"
    elif kind in ("generator", "_GeneratorContextManager") and asynchronous:
        yield f"para `async with`, {which} se escribe con `async def` y el decorador `@asynccontextmanager`"
    elif kind in ("async_generator", "_AsyncGeneratorContextManager") and not asynchronous:
        if look.by_test:
            yield "para `with`, tu función se escribe con `def` y el decorador `@contextmanager`"
        else:
            yield "¿falta `async` delante de `with`?"
    elif kind == "coroutine":
        if look.by_test:
            yield f"tu función no tiene `yield`, y para `{use}` lo necesita, con el decorador `{decorator}`"
        else:
            yield f"usas una corrutina en `{use}`: ¿falta `await`, o el decorador `{decorator}`?"
    elif look.by_test:
        told = f"la prueba usa en `{use}` lo que da tu función, y es {named_type(kind)}"
        yield f"{told}: la función lleva `yield` y el decorador `{decorator}`"


def _not_iterated(look: Look, kind: str) -> Iterator[str]:
    if not look.by_test:
        if kind == "coroutine":
            yield "recorres una corrutina con `async for`: se espera con `await`"
        elif kind in ("list", "tuple", "set", "dict", "generator", "range"):
            yield f"{named_type(kind)} se recorre con `for`, sin `async`"
        return
    if kind == "generator":
        yield "tu función es un `def` con `yield`, un generador normal: para `async for`, falta `async`"
    else:
        told = "no lleva `yield`" if kind == "coroutine" else f"devuelve {named_type(kind)}"
        yield _Usual(f"tu función {told}: un generador asíncrono entrega con `yield`, no con `return`")


def _bad_yield(look: Look) -> str:
    """Tell what a task was made of that yields something else than futures."""
    step = look.own[-1] if look.own else None
    if step is not None and step.frame.f_code.co_name == "<genexpr>":
        return "falta `*`: `gather(*...)` quiere las corrutinas una a una y recibe un generador"
    code = None if step is None else step.frame.f_code
    if code is not None and code.co_flags & inspect.CO_GENERATOR and code.co_name != "__await__":
        return "haces una tarea de un `def` con `yield`, un generador normal: ¿falta `async`?"
    return "una tarea de asyncio no entiende lo que cedes con `yield`: solo entiende sus futuros"


__all__ = ["CHECKS", "GIVEN", "closest", "home_of", "mistakes", "owner"]
