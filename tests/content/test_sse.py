"""The parser of exercise 8.3 reads any events, however the network cuts them: bytes, chunks, httpx, lines."""

import asyncio
from itertools import pairwise

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.authoring import notebook_format
from grader.cli.bootstrap import ROOT

NOTEBOOK = ROOT / "solutions" / "08_async_generators" / "08_async_generators.ipynb"
# httpx 0.28 also ends a line at what str.splitlines does, at U+2028 for instance; the standard does not.
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"

text = st.text(st.characters(exclude_characters=LINE_ENDS, exclude_categories=["Cs"]), max_size=8)
values = text.filter(lambda value: not value.startswith(" "))  # a first space belongs to the format
comments = st.tuples(st.sampled_from(["", "retry", "other"]), values)
message = st.fixed_dictionaries(
    {
        "data": st.lists(values, max_size=3),
        "event": st.none() | values,
        "id": st.none() | values,
        "noise": st.lists(comments, max_size=2),
        "space": st.booleans(),
    }
)
ends = st.sampled_from(["\n", "\r\n", "\r"])


@pytest.fixture(scope="module")
def parse_sse():
    """The reference solution, from its cell."""
    cell = next(cell for cell in notebook_format.read(NOTEBOOK).cells if cell.id == "parse-sse")
    names = {}
    exec(cell.source, names)
    return names["parse_sse"]


def as_text(messages, end):
    lines = []
    for one in messages:
        colon = ": " if one["space"] else ":"
        lines += [f"{field}{colon}{value}" for field, value in one["noise"]]
        lines += [f"{field}{colon}{one[field]}" for field in ("event", "id") if one[field] is not None]
        lines += [f"data{colon}{value}" for value in one["data"]]
        lines.append("")
    return "".join(line + end for line in lines)


def expected(messages):
    last, found = "", []
    for one in messages:
        last = last if one["id"] is None else one["id"]
        event = "message" if one["event"] is None else one["event"]
        if one["data"]:
            found.append({"data": "\n".join(one["data"]), "event": event, "id": last})
    return found


async def parsed(parse_sse, chunks):
    async def body():
        for chunk in chunks:
            yield chunk

    response = httpx.Response(200, content=body())
    return [message async for message in parse_sse(response.aiter_lines())]


def cut(raw, places):
    edges = sorted({0, len(raw), *(place % (len(raw) + 1) for place in places)})
    return [raw[start:stop] for start, stop in pairwise(edges)]


@settings(max_examples=200, deadline=None)
@given(messages=st.lists(message, max_size=4), end=ends, places=st.lists(st.integers(0, 10_000), max_size=12))
def test_events_are_the_same_wherever_their_bytes_are_cut(parse_sse, messages, end, places):
    raw = as_text(messages, end).encode()

    assert asyncio.run(parsed(parse_sse, cut(raw, places))) == expected(messages)


@settings(max_examples=100, deadline=None)
@given(messages=st.lists(message, min_size=1, max_size=3), kept=st.integers(0, 10_000))
def test_a_stream_that_breaks_off_gives_its_whole_messages_and_no_other(parse_sse, messages, kept):
    whole = as_text(messages, "\n")
    got = asyncio.run(parsed(parse_sse, [whole[: kept % len(whole)].encode()]))

    assert got == expected(messages)[: len(got)]


def test_every_cut_of_a_small_stream_gives_the_same(parse_sse):
    raw = "id: 1\r\nevent: señal\r\ndata:  a\r\ndata: b:c\r\n\r\n: latido\r\n\r\n".encode()
    wanted = [{"data": " a\nb:c", "event": "señal", "id": "1"}]

    for place in range(len(raw)):
        assert asyncio.run(parsed(parse_sse, [raw[:place], raw[place:]])) == wanted
