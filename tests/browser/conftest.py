"""A real JupyterLab on a temporary copy of the course, and a real browser that looks at it."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from notebook_page import HANG, NotebookPage

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-of-the-test"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",  # which the browser refuses to do without when the user is root
    "--disable-gpu",
    # Nothing here needs a network; without these the browser looks for its maker at every start.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_addoption(parser):
    parser.addoption(
        "--screenshots", metavar="DIR", help="tests/browser: write what the browser shows to DIR"
    )


@pytest.fixture(scope="session")
def screenshots(request):
    """The folder for pictures, or None."""
    # Unknown unless this folder is named on the command line: only then is this file read early enough.
    folder = request.config.getoption("screenshots", None)
    return folder and Path(folder).absolute()


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of the course as a student clones it."""
    clone = tmp_path_factory.mktemp("browser") / "clone"
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    for name in ("grader", "notebooks"):
        shutil.copytree(ROOT / name, clone / name, ignore=ignored)
    for name in ("pyproject.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, clone)
    return clone


@pytest.fixture(scope="module")
def address(clone):
    """Where `python -m grader lab` of that copy answers."""
    with lab(clone) as address:
        yield address


def copy_package(root):
    """Copy to `root` what `python -m grader lab --instructor` needs beside a course."""
    shutil.copytree(ROOT / "grader", root / "grader", ignore=shutil.ignore_patterns("__pycache__", "*.md"))
    for name in ("pyproject.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, root)


@contextlib.contextmanager
def lab(clone, *options):
    """Run `python -m grader lab` in a copy of the course; yield where it answers."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    home = clone.parent / "home"
    home.mkdir()
    # The person's own Jupyter configuration neither reaches the test nor is written by it.
    kept = {name: text for name, text in os.environ.items() if not name.startswith("JUPYTER")}
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "lab", "--no-browser", "--port", str(port), *options],
        cwd=clone, env={**kept, "HOME": str(home), "USERPROFILE": str(home), "JUPYTER_TOKEN": TOKEN},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip
    try:
        await_server(process, port)
        threading.Thread(target=process.stdout.read, daemon=True).start()  # a full pipe would stop it
        yield f"http://localhost:{port}"
    finally:
        process.terminate()  # which also ends its kernels
        process.wait(HANG)


def await_server(process, port):
    said = []
    for line in process.stdout:
        said.append(line)
        if "is running at" in line:
            break
    # It says so some milliseconds before it listens.
    while process.poll() is None:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
    pytest.fail("the server did not start:\n" + "".join(said))


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium with a user folder of its own."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install playwright"
    )
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is on PATH")
    api.expect.set_options(timeout=HANG * 1000)
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS, timeout=HANG * 1000)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def open_notebook(browser, clone, address, screenshots):
    """Open a notebook of work/ in a window of its own: `open_notebook("03_tasks/03_tasks.ipynb")`."""
    windows = []

    def open_notebook(path):
        window = browser.new_context(viewport={"width": 1280, "height": 1000})
        windows.append(window)
        window.set_default_timeout(HANG * 1000)
        page = window.new_page()
        workspace = f"{address}/lab/workspaces/w{len(windows)}"
        page.goto(f"{workspace}/tree/{path}?token={TOKEN}")
        return NotebookPage(page, clone / "work" / path, screenshots)

    yield open_notebook
    for window in windows:
        window.close()


@pytest.fixture(scope="module")
def shoot(screenshots):
    """Keep what a page shows, if somebody wants to look."""

    def shoot(page, name):
        if screenshots:
            screenshots.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=screenshots / f"{name}.png")

    return shoot
