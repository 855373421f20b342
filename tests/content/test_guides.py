"""The guides name what exists: links, commands, options, limits and pictures."""

import importlib
import re
import shlex
import subprocess
import zipfile

import pytest

from grader.__main__ import COMMANDS, HELP
from grader.classroom import workers
from grader.cli.bootstrap import ROOT
from grader.judge import files, protocol, session, submission
from grader.judge.sandbox import GIB, MIB, Limits

ROOM = ROOT / "grader" / "classroom"
GUIDE = ROOM / "README.md"
PAGES = [ROOT / "README.md", ROOT / "README.es.md", ROOT / "CONTRIBUTING.md", GUIDE, ROOM / "TEACHING.md"]
PICTURE_BYTES = 150_000

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def anchors(text):
    """The names by which GitHub links to the headings of a page."""
    prose = re.sub(r"(?ms)^```.*?^```", "", text)
    headings = re.findall(r"(?m)^#+ (.+)$", prose)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page, text):
    """The links of a page that lead nowhere in this repository."""
    links = re.findall(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"", text)
    for link in (one or other for one, other in links):
        path, _, anchor = link.partition("#")
        if re.match(r"\w+:", path):
            continue
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            yield link


def calls(text):
    """The arguments of each `python3 -m grader ...` in a text."""
    for found in re.findall(r"python3? -m grader ([^`\n#«»]*)", text):
        yield shlex.split(found.strip())


def unknown(arguments):
    """What is wrong with a call: a command or options that the program does not know, or does not tell."""
    name, *rest = arguments
    if name == "--help":
        return []
    if name not in COMMANDS:
        return [name]
    source = importlib.import_module(COMMANDS[name][0]).__file__
    with open(source, encoding="utf-8") as file:
        code = file.read()
    options = [word.partition("=")[0] for word in rest if word.startswith("-") and word != "-k"]
    return [option for option in options if f'"{option}"' not in code or option not in HELP]


@every_page
def test_every_link_leads_somewhere(page):
    assert list(broken(page, page.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "link", ["[a](no.md)", "[a](#nothing)", "[a](README.md#nothing)", '<img src="x.png">']
)
def test_a_link_that_leads_nowhere_is_found(link):
    assert len(list(broken(ROOT / "README.md", link))) == 1


@every_page
def test_every_command_and_option_exists(page):
    text = page.read_text(encoding="utf-8")

    assert {" ".join(call): unknown(call) for call in calls(text) if unknown(call)} == {}


@pytest.mark.parametrize(
    "call", ["mark 03", "grade --colour", "export --to moodle --sheet x", "feedback --resume"]
)
def test_a_call_that_does_not_exist_is_found(call):
    [arguments] = calls(f"`python3 -m grader {call}`")

    assert len(unknown(arguments)) == 1


def test_the_guide_names_every_command_and_option_for_grading():
    told = HELP.partition("Para corregir una clase")[2].partition("Para mantener el curso")[0]
    text = GUIDE.read_text(encoding="utf-8")

    assert [option for option in sorted(set(re.findall(r"--[a-z-]+", told))) if option not in text] == []
    assert [
        name for name in COMMANDS if re.search(rf"(?m)^  {name} ", told) and f"grader {name}" not in text
    ] == []


def test_the_limits_in_the_guide_are_those_of_the_code():
    limits = Limits()
    text = GUIDE.read_text(encoding="utf-8")

    for row in (
        f"| memory, of one process and of all together | {limits.memory / GIB:g} GiB |",
        f"| processes and threads | {limits.processes} |",
        f"| {limits.file_size // MIB} MiB · {limits.scratch // MIB} MiB · {limits.files:,} |",
        f"| open files of a process · sockets of all together | {limits.open_files} · {limits.sockets} |",
        f"| {limits.held / GIB:g} GiB · {limits.kept_processes} · {limits.kept_files} |",
        f"| CPU of a process | {limits.seconds} s |",
        f"| {session.LOAD_LIMIT:g} s · {session.CELL_LIMIT:g} s · {session.TOTAL_LIMIT:g} s |",
        f"| {session.CPU_LIMIT:g} s · {session.TOTAL_CPU:g} s |",
        f"| {protocol.MAX_LINE / 1e6:g} MB · {session.MAX_BYTES / 1e6:g} MB |",
        f"| {files.MAX_BYTES / 1e6:g} MB · {submission.MAX_CELLS:,} · {submission.MAX_SOURCE:,} characters |",
        f"| {workers.CPU_LIMIT:g} s · {workers.MEMORY / GIB:g} GiB |",
    ):
        assert row in text


def test_the_pictures_are_small_and_shown():
    text = GUIDE.read_text(encoding="utf-8")
    pictures = sorted((ROOM / "images").iterdir())

    assert [path.name for path in pictures if f"images/{path.name}" not in text] == []
    assert [path.name for path in pictures if path.stat().st_size > PICTURE_BYTES] == []


def test_what_is_handed_out_has_no_solutions_and_no_guides(tmp_path):
    [command] = re.findall(r"(?m)^git archive .*$", GUIDE.read_text(encoding="utf-8"))
    words = [word.replace("asyncio-a-fondo.zip", str(tmp_path / "x.zip")) for word in shlex.split(command)]
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout: the archive for students was NOT made")

    subprocess.run(words, cwd=ROOT, check=True)
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        names = archive.namelist()
    assert [
        name
        for name in names
        if name.startswith(("solutions/", "tests/")) or name.endswith((".png", "TEACHING.md"))
    ] == []
    assert {"grader/__main__.py", "pyproject.toml", "notebooks/indice.ipynb"} <= {*names}
