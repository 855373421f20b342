"""The pages of local_api."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route


def application(
    fails_again: Callable[[str, int], bool], admits: Callable[[float | None, float | None], bool]
) -> Starlette:
    """Return the pages as an ASGI application.

    fails_again(key, fails): whether a flaky page fails this time; admits(sent, since): whether /limited has a
    token.
    """

    async def flaky(request: Request) -> Response:
        key = request.path_params["key"]
        failed = fails_again(key, int(_number(request, "fails", 2)))
        return JSONResponse({"error": "prueba otra vez"}, 503) if failed else JSONResponse({"key": key})

    async def limited(request: Request) -> Response:
        sent, since = (
            _number(request, name, 0) if name in request.query_params else None for name in ("sent", "since")
        )
        return (
            JSONResponse({"ok": True}) if admits(sent, since) else JSONResponse({"error": "demasiadas"}, 429)
        )

    pages: dict[str, Any] = {"/flaky/{key}": flaky, "/limited": limited, **_PAGES}
    return Starlette(routes=[Route(path, page) for path, page in pages.items()])


async def _user(request: Request) -> Response:
    number = request.path_params["number"]
    await asyncio.sleep(_number(request, "delay", 0.05))
    return JSONResponse({"id": number, "name": f"User {number}"})


async def _posts(request: Request) -> Response:
    user = request.path_params["number"]
    await asyncio.sleep(_number(request, "delay", 0.05))
    return JSONResponse([{"id": 10 * user + i, "user": user, "title": f"Post {i}"} for i in (1, 2, 3)])


async def _slow(request: Request) -> Response:
    seconds = _number(request, "seconds", 1.0)
    await asyncio.sleep(seconds)
    return JSONResponse({"seconds": seconds})


async def _events(request: Request) -> Response:
    told = _ticks(int(_number(request, "n", 5)), _number(request, "every", 0.05))
    return StreamingResponse(told, media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


async def _ticks(count: int, every: float) -> AsyncIterator[str]:
    for number in range(count):
        yield f"id: {number}\nevent: tick\ndata: {number}\n\n"
        await asyncio.sleep(every)


async def _status(request: Request) -> Response:
    code = request.path_params["code"]
    if not 200 <= code < 600:
        raise HTTPException(400, "the status must be from 200 to 599")
    bare = code in (204, 304)  # which have no body
    return Response(status_code=code) if bare else JSONResponse({"status": code}, code)


async def _redirect(request: Request) -> Response:
    left = request.path_params["left"] - 1
    return RedirectResponse(f"/redirect/{left}" if left > 0 else "/users/1")


async def _loop(request: Request) -> Response:
    return RedirectResponse("/loop")


async def _hang(request: Request) -> Response:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()  # to nobody


async def _dead(request: Request) -> Response:
    # Fewer bytes than promised: the server drops the connection in the middle of the answer.
    return StreamingResponse(_cut(), headers={"Content-Length": "100"})


async def _cut() -> AsyncIterator[str]:
    yield "a medi"


def _number(request: Request, name: str, default: float) -> float:
    try:
        return float(request.query_params.get(name, default))
    except ValueError:
        raise HTTPException(400, f"{name} must be a number") from None


_PAGES = {
    "/users/{number:int}": _user,
    "/users/{number:int}/posts": _posts,
    "/slow": _slow,
    "/events": _events,
    "/status/{code:int}": _status,
    "/redirect/{left:int}": _redirect,
    "/loop": _loop,
    "/hang": _hang,
    "/dead": _dead,
}
