"""Plain data crosses the wire unchanged, and nothing else crosses it."""

import enum
import json
import math
import sys
import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.checks import values
from grader.checks.causes import same
from grader.judge import protocol

scalars = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text()
hashables = scalars | st.tuples(scalars, scalars)
plain = st.recursive(
    scalars | st.sets(hashables, max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(hashables, inner, max_size=4)
    ),
    max_leaves=20,
)


def typed(value):
    """A value with all its types, so that 1, 1.0 and True differ."""
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [typed(item) for item in value]
    if isinstance(value, dict):
        return "dict", [(typed(key), typed(item)) for key, item in value.items()]
    if isinstance(value, set):
        return "set", sorted(map(repr, map(typed, value)))
    return type(value).__name__, repr(value)


@settings(derandomize=True)
@given(plain)
def test_plain_data_comes_back_with_the_same_types(value):
    assert typed(values.decode(json.loads(json.dumps(values.encode(value))))) == typed(value)


def test_an_infinite_float_is_valid_json_on_the_wire():
    data = json.dumps(values.encode([math.inf, -math.inf]), allow_nan=False)

    assert values.decode(json.loads(data)) == [math.inf, -math.inf]


def test_an_exception_travels_as_one_and_is_not_its_text():
    sent = [ValueError("x"), KeyError("a"), OSError()]

    arrived = values.decode(values.encode(sent))

    assert repr(arrived) == "[ValueError('x'), KeyError('a'), OSError()]"
    assert same(arrived, sent)
    assert not same(arrived, ["ValueError: x", "KeyError: 'a'", "OSError"])
    assert not same(["ValueError: x", "KeyError: 'a'", "OSError"], sent)
    assert not same(arrived, [ValueError("y"), KeyError("a"), OSError()])


class Liar(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class Color(enum.IntEnum):
    RED = 1


@pytest.mark.parametrize("value", [object(), Liar(3), Color.RED, b"x", [{1: object()}], (x for x in ())])
def test_what_is_not_plain_is_refused(value):
    with pytest.raises(values.NotPlain):
        values.encode(value)


def test_a_list_that_holds_itself_is_refused():
    loop: list = []
    loop.append(loop)

    with pytest.raises(values.NotPlain):
        values.encode(loop)


@pytest.mark.parametrize(
    "data",
    [
        {"!": "tuple"},
        {"!": "object", "v": []},
        {"!": "set", "v": [[1]]},
        {"!": "dict", "v": [[1, 2, 3]]},
        {"!": "float", "v": "1e3"},
        {"a": 1},
    ],
)
def test_a_forged_message_is_refused(data):
    with pytest.raises(values.NotPlain):
        values.decode(data)


def colliding(count):
    """Whole numbers with one hash: in a set each of them meets every other."""
    return [number * sys.hash_info.modulus for number in range(count)]


@pytest.mark.parametrize(
    "data",
    [
        {"!": "set", "v": colliding(20_000)},
        {"!": "dict", "v": [[number, 0] for number in colliding(3_000)]},
        [{"!": "set", "v": colliding(1_900)} for _ in range(50)],
        1 << 5_000,
    ],
    ids=["set", "dict", "many sets", "number"],
)
def test_what_would_take_long_to_decode_is_refused_before(data):
    start = time.process_time()

    with pytest.raises(values.NotPlain):
        values.decode(data)

    assert time.process_time() - start < 2


TASK = {
    "id": 0, "name": "main", "coro": "main", "parent": None, "created": 0, "hidden": False, "end": 6, "state": "done",
    "error": None, "cancels": [], "cleaning": None, "slices": [[0, 0, 0]], "waits": [],
}  # fmt: skip
WAIT = {"start": 0, "end": 6, "kind": "timer", "what": "sleep", "line": None, "due": None}
SCOPE = {"start": 1, "due": 9, "end": 6, "expired": False}


def drawn(**changes):
    """Whether the judge draws a recording of one task with these changes."""
    recording = {"clock": "virtual", "end": 6, "frozen": False, "threads": [], "blocked": [], "unstarted": []}
    timeline = msgspec.json.encode(recording | {"tasks": [TASK | changes]})
    done = protocol.Done(None, None, None, [], msgspec.Raw(timeline))
    return protocol.report_of(done)["timeline"] is not None


def test_a_recording_with_scopes_generators_and_aborts_is_drawn():
    assert drawn()
    assert drawn(limits=[SCOPE], aborts=[3], waits=[WAIT | {"within": ["pages"]}])


@pytest.mark.parametrize(
    "changes",
    [
        {"limits": [SCOPE | {"due": 1e15}]},
        {"limits": [SCOPE | {"due": 0}]},
        {"limits": [SCOPE | {"end": 7}]},
        {"limits": [SCOPE | {"start": -1}]},
        {"limits": [SCOPE | {"expired": "yes"}]},
        {"limits": [{}]},
        {"aborts": [7]},
        {"aborts": [-1]},
        {"waits": [WAIT | {"within": ["x" * 1000]}]},
        {"waits": [WAIT | {"within": ["x"] * 100}]},
    ],
    ids=str,
)
def test_a_recording_with_an_impossible_one_is_not(changes):
    assert not drawn(**changes)


def test_a_recording_that_would_take_long_to_draw_is_not():
    blocked = {"start": 0, "end": 1, "task": None, "line": None}
    recording = {"clock": "virtual", "end": 6, "frozen": False, "threads": [], "unstarted": [], "tasks": []}

    def is_drawn(count):
        timeline = msgspec.json.encode(recording | {"blocked": [blocked] * count})
        done = protocol.Done(None, None, None, [], msgspec.Raw(timeline))
        return protocol.report_of(done)["timeline"] is not None

    assert (is_drawn(1_000), is_drawn(1_001)) == (True, False)


def test_many_small_dicts_travel():
    rows = [{"url": f"/users/{i}", "status": 200, "error": None} for i in range(2_000)]

    assert values.decode(values.encode(rows)) == rows


def test_an_error_whose_text_fails_still_has_a_text():
    class Broken(Exception):
        def __str__(self):
            raise RuntimeError

    assert values.error_text(Broken()) == "Broken: (sin texto)"
