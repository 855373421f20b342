"""Draw the pictures of the README from a real run: `python tests/make_figures.py`."""

import asyncio
from pathlib import Path

from grader.loop.virtual_loop import VirtualLoop
from grader.timeline.timeline import Timeline, compare

FOLDER = Path(__file__).parent / "figures"
INKS = {"light": "#1f2328", "dark": "#e6edf3"}  # a file does not inherit the colour of the page
USERS = (1, 2, 3)


async def fetch_user(user: int) -> str:
    await asyncio.sleep(1)
    return f"user {user}"


async def one_after_the_other() -> Timeline:
    with Timeline() as timeline:
        for user in USERS:
            await fetch_user(user)
    return timeline


async def all_at_once() -> Timeline:
    with Timeline() as timeline:
        async with asyncio.TaskGroup() as group:
            for user in USERS:
                group.create_task(fetch_user(user), name=f"fetch_user({user})")
    return timeline


def draw() -> dict[str, str]:
    """Return the text of each file by its name."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        left, right = runner.run(one_after_the_other()), runner.run(all_at_once())
    picture = compare(("Uno tras otro", left), ("A la vez", right))
    return {f"timeline_{theme}.svg": picture.svg(ink) + "\n" for theme, ink in INKS.items()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in draw().items():
        (FOLDER / name).write_text(content, encoding="utf-8", newline="\n")
