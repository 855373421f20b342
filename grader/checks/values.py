"""Plain data for the wire between judge and child: tagged JSON, with exact types and caps."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 40
MAX_ITEMS = 100_000
MAX_TEXT = 1_000_000
MAX_INT_BITS = 4_096
MAX_HASHED = 1_000  # items of a set, or keys of a dict
# All together, by their squares: a stranger may choose items that collide, and then each meets every other.
MAX_COLLISIONS = MAX_HASHED**2

_TAG = "!"
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")
_SPANISH = {
    "NoneType": "`None`",
    "bool": "un booleano",
    "int": "un entero",
    "float": "un número decimal",
    "str": "un texto",
    "list": "una lista",
    "tuple": "una tupla",
    "dict": "un diccionario",
    "set": "un conjunto",
    "range": "un `range`",
    "coroutine": "una corrutina",
    "generator": "un generador",
    "async_generator": "un generador asíncrono",
    "Task": "una tarea",
    "Future": "un futuro",
    "_GatheringFuture": "un futuro de `gather`",
    "function": "una función",
    "method": "un método",
    "builtin_function_or_method": "un método",
    "Service": "una función",
    "type": "una clase",
    "module": "un módulo",
}


def named_type(kind: type | str) -> str:
    """Return what people call a thing of this type: "una lista", "un objeto de tipo Report"."""
    if isinstance(kind, type) and issubclass(kind, BaseException):
        return "una excepción"
    name = kind.rpartition(".")[2] if isinstance(kind, str) else kind.__name__
    return _SPANISH.get(name) or f"un objeto de tipo {name}"


class NotPlain(TypeError):
    """The value, or something inside it, is not plain data; its text names what."""


@dataclass(frozen=True)
class Raised:
    """An exception as plain data: the name of its type, and its text."""

    type: str
    text: str

    @staticmethod
    def by(error: BaseException) -> Raised:
        """Return what can be told of an exception."""
        try:
            text = str(error)
        except Exception:  # a student's own __str__ may fail
            text = "(sin texto)"
        return Raised(type(error).__name__, without_addresses(text))

    def __str__(self) -> str:
        return f"{self.type}: {self.text}" if self.text else self.type

    def __repr__(self) -> str:
        text = self.text if self.type == "KeyError" or not self.text else repr(self.text)
        return f"{self.type}({text})"


def error_text(error: BaseException) -> str:
    """Return an exception as text, "ValueError: x"; the type alone when it carries no message."""
    return str(Raised.by(error))


def without_addresses(text: str) -> str:
    """Return a text without the addresses of objects, which differ from run to run."""
    return _ADDRESS.sub("", text)


def encode(value: object) -> Any:
    """Return `value` as JSON data that `decode` turns into an equal value of the same types.

    Plain data: None, bool, int, float, str, list, tuple, dict, set, and exceptions, of which `decode` makes
    a Raised. Raises NotPlain for any other type (subclasses included) and for data that is too large or deep.
    """
    return _encode(value, 0, [MAX_ITEMS, MAX_COLLISIONS])


def _encode(value: Any, depth: int, left: list[int]) -> Any:
    _count(depth, left, MAX_DEPTH)
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is int:
        if value.bit_length() > MAX_INT_BITS:
            raise NotPlain("un entero de más de mil cifras")
        return value
    if kind is float:
        return value if math.isfinite(value) else {_TAG: "float", "v": repr(value)}
    if kind is str:
        if len(value) > MAX_TEXT:
            raise NotPlain("un texto de más de un millón de caracteres")
        return _sendable(value)
    if isinstance(value, BaseException):
        told = Raised.by(value)
        return {
            _TAG: "error",
            "v": [told.type[:MAX_TEXT], told.text[:MAX_TEXT].encode("utf-8", "replace").decode()],
        }
    if kind not in (list, tuple, set, dict):
        raise NotPlain(named_type(kind))
    if kind in (set, dict):
        _count_hashed(len(value), left)
    items = [_encode(item, depth + 1, left) for item in (value.items() if kind is dict else value)]
    if kind is dict:
        items = [pair["v"] for pair in items]
    if kind is set:
        items.sort(key=repr)  # a set has no order of its own, and equal sets must look equal
    return items if kind is list else {_TAG: kind.__name__, "v": items}


def _sendable(text: str) -> str:
    """Return a text without lone surrogates, which cannot travel."""
    return text.encode("utf-8", "replace").decode()


def _count(depth: int, left: list[int], deepest: int) -> None:
    left[0] -= 1
    if left[0] < 0 or depth > deepest:
        raise NotPlain("un dato demasiado grande o profundo")


def _count_hashed(items: int, left: list[int]) -> None:
    left[1] -= items**2
    if left[1] < 0:
        raise NotPlain(f"conjuntos o diccionarios de más de {MAX_HASHED} elementos")


def decode(data: Any) -> Any:
    """Return the value that `encode` was given. Raises NotPlain for anything `encode` never writes."""
    return _decode(data, 0, [2 * MAX_ITEMS, MAX_COLLISIONS])


def _decode(data: Any, depth: int, left: list[int]) -> Any:
    _count(depth, left, 2 * MAX_DEPTH)
    if isinstance(data, int) and data.bit_length() > MAX_INT_BITS:
        raise NotPlain("un mensaje mal formado")
    if data is None or isinstance(data, (bool, float, int, str)):
        return data
    if isinstance(data, list):
        return [_decode(item, depth + 1, left) for item in data]
    if not isinstance(data, dict) or set(data) != {_TAG, "v"}:
        raise NotPlain("un mensaje mal formado")
    tag, content = data[_TAG], data["v"]
    if tag == "float" and content in ("nan", "inf", "-inf"):
        return float(content)
    if tag == "error" and isinstance(content, list) and len(content) == 2 and {*map(type, content)} == {str}:
        return Raised(*content)
    if tag not in _CONTAINERS or not isinstance(content, list):
        raise NotPlain("un mensaje mal formado")
    if tag != "tuple":
        _count_hashed(len(content), left)
    try:
        return _CONTAINERS[tag](_decode(item, depth + 1, left) for item in content)
    except (TypeError, ValueError) as error:
        if isinstance(error, NotPlain):
            raise
        raise NotPlain("un mensaje mal formado") from None


_CONTAINERS: dict[Any, Any] = {"tuple": tuple, "set": set, "dict": dict}
