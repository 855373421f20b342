"""Students read correct Spanish in the course's own words; the repository speaks of no machine."""

import re
import shutil
import subprocess
from pathlib import Path

import prose
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.authoring import notebook_format

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(ROOT.glob("solutions/*/*.ipynb"))
WORDS = (ROOT / "tests" / "words.txt").read_text(encoding="utf-8").splitlines()
HOSTS = {"127.0.0.1", "localhost", "docs.python.org", "github.com", "nodejs.org", "www.w3.org", "example.com"}
HOSTS |= {"site"}  # the made-up site of the project in section 11
HOSTS |= {"mybinder.org"}  # the form of the address in the READMEs
# Of a person's or a build machine's folders; what a Linux has everywhere is no secret.
MACHINE = re.compile(r"(?<![\w.<])/(?:home|root|work|Users|private)/[\w.-]+")

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def tracked():
    """The text files of the repository as git sees them, with those not committed yet."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git checkout: the texts of the repository were NOT checked")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    for path in (ROOT / name for name in names):
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture, or a file that was deleted


def faults(notebook, check):
    """Each cell id with what `check` finds in its prose."""
    found = {name: check(text) for name, text in prose.of_notebook(notebook)}
    return {name: what for name, what in found.items() if what}


def unknown(text):
    """The words of `text` that neither the dictionary nor tests/words.txt has."""
    return sorted(word for word in prose.misspelt(prose.words(text)) if not {word, word.lower()} & set(WORDS))


@pytest.fixture
def dictionary():
    if shutil.which("hunspell") is None or prose.misspelt({"tarea"}):
        pytest.skip(
            "hunspell and its es_ES are missing: the Spanish of the notebooks was NOT checked for spelling"
        )


@every_notebook
def test_a_notebook_keeps_to_the_glossary(path):
    assert faults(notebook_format.read(path), prose.forbidden) == {}


@every_notebook
def test_a_notebook_is_spelt_correctly(path, dictionary):
    assert faults(notebook_format.read(path), unknown) == {}, (
        "correct it, mark it as code, or add it to tests/words.txt"
    )


@every_notebook
def test_a_notebook_has_no_emoji(path):
    assert {
        cell.id: found for cell in notebook_format.read(path).cells if (found := prose.emoji(cell.source))
    } == {}


def test_what_the_package_says_to_students_keeps_to_the_glossary():
    modules = {
        path.name: prose.of_module(path.read_text(encoding="utf-8")) for path in ROOT.glob("grader/**/*.py")
    }

    assert {name: found for name, text in modules.items() if (found := prose.forbidden(text))} == {}


def test_the_spanish_readme_keeps_to_the_glossary():
    path = ROOT / "README.es.md"

    assert prose.forbidden(prose.of_markdown(path.read_text(encoding="utf-8"))) == []


def test_the_repository_has_no_emoji():
    exempt = {"tests/content/test_language.py"}

    assert {
        name: found for name, text in tracked() if name not in exempt and (found := prose.emoji(text))
    } == {}


def test_the_repository_names_no_folder_of_one_machine():
    exempt = {"tests/content/test_language.py", "tests/authoring/test_rules_outputs.py"}

    assert {
        name: found for name, text in tracked() if name not in exempt and (found := MACHINE.findall(text))
    } == {}


def test_the_repository_names_no_host_but_the_known_ones():
    hosts = {name: set(re.findall(r"https?://([\w.-]+)", text)) - HOSTS for name, text in tracked()}

    assert {
        name: found for name, found in hosts.items() if found and name != "tests/content/test_language.py"
    } == {}


def test_the_versions_name_no_index():
    assert "://" not in (ROOT / "grader" / "constraints.txt").read_text(encoding="utf-8")


def test_the_list_of_words_is_sorted_and_allows_nothing_forbidden():
    assert sorted(set(WORDS)) == WORDS
    assert [word for word in WORDS if prose.forbidden(word)] == []


# What the checks above see, shown on small texts.


def markdown(text):
    return new_notebook(cells=[new_markdown_cell(text, id="c01-text")])


def code(text):
    return new_notebook(cells=[new_code_cell(text, id="c01-text")])


@pytest.mark.parametrize("word", prose.FORBIDDEN)
def test_each_forbidden_word_is_found(word):
    assert word in faults(markdown(f"La {word.upper()} y la {word}."), prose.forbidden)["c01-text"]


def test_a_coroutine_is_no_routine():
    assert prose.forbidden("Una corrutina, dos Corrutinas.") == []
    assert prose.forbidden("Una rutina, una subrutina, una co-rutina.") == ["rutina"] * 3


@pytest.mark.parametrize(
    "text",
    [
        "> El ciclo de eventos, dice el capítulo.",
        "Se llama `ciclo de eventos`.",
        "<code>ciclo de eventos</code>",
        "```python\nciclo de eventos\n```",
        "[bucle](https://example.com/ciclo de eventos)",
    ],
)
def test_quotations_and_code_may_say_what_is_forbidden(text):
    assert faults(markdown(text), prose.forbidden) == {}


@pytest.mark.parametrize(
    "source",
    [
        "x = 1  # el ciclo de eventos",
        'def f():\n    """El ciclo de eventos."""',
        'run_virtual(f).expect("1.1 f", "el ciclo de eventos", value=1)',
        'run_virtual(f).expect("1.1 f", value=1, hint="el ciclo de eventos")',
        'run_virtual(f).expect("1.1 f", value=1, causes=[Cause("M01: el ciclo de eventos", got=2)])',
        "%%node\n// el ciclo de eventos\nlet x = 1",
        "%time f()\n# el ciclo de eventos",
    ],
)
def test_comments_docstrings_and_checks_are_read(source):
    assert faults(code(source), prose.forbidden) == {"c01-text": ["ciclo de eventos"]}


@pytest.mark.parametrize("source", ["x = 'ciclo de eventos'", "### BEGIN SOLUTION ciclo de eventos"])
def test_code_itself_is_not_read(source):
    assert faults(code(source), prose.forbidden) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Esto es un herror.", ["herror"]),
        ("El bucle de eventos (*event loop*) reparte el tiempo.", []),
        ("Un **herror** en negrita.", ["herror"]),
        ("`fetchh` y fetch_all, M08 y TaskGroup.", []),
        ("La corrutina y las CORRUTINAS.", []),
    ],
)
def test_a_misspelt_word_is_found(text, words, dictionary):
    assert unknown(prose.of_markdown(text)) == words


def test_a_comment_may_name_what_the_code_names_and_prose_may_not(dictionary):
    notebook = code("def fetcher(): ...\n# fetcher espera")
    notebook.cells += markdown("fetcher espera").cells
    notebook.cells[1].id = "c01-prose"

    assert faults(notebook, unknown) == {"c01-prose": ["fetcher"]}


@pytest.mark.parametrize("sign", ["✅", "❌", "⚠️", "🚀", "⭐", "⏳"])
def test_an_emoji_is_found(sign):
    assert prose.emoji(f"Bien {sign}") != []


@pytest.mark.parametrize("sign", ["✓", "✗", "○", "★", "▸", "→", "«»", "½", "·"])
def test_the_course_s_own_signs_are_no_emoji(sign):
    assert prose.emoji(sign) == []


@pytest.mark.parametrize(
    "text", ["see /home/pepe/x.py", "at /root/.venv", "in /work/course", "/Users/eva/course"]
)
def test_a_machine_s_folder_is_found(text):
    assert MACHINE.search(text)


@pytest.mark.parametrize(
    "text", ["/usr/bin/env", "/tmp", "a/home/b", "https://example.com/home", "work/03_tasks"]
)
def test_a_folder_of_every_machine_is_not(text):
    assert not MACHINE.search(text)


def test_a_person_who_learns_is_an_alumno_everywhere():
    ours = [
        (name, text) for name, text in tracked() if name.startswith(("grader/", "README.es", "solutions/"))
    ]

    assert [name for name, text in ours if re.search("estudiantes?", text, re.IGNORECASE)] == []
