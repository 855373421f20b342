"""The judge gives exactly the points that were earned, and says why not."""

import sys

import pytest
from course import FETCH_ALL, Unstartable, course, submission
from live_kernel import live_kernel

from grader.judge import session
from grader.judge.cpu_time import Budget
from grader.judge.judge import grade, grade_again
from grader.loop.stopwatch import family, threads

STUB = "async def fetch_all(ids, fetch):\n    raise NotImplementedError"
BODY = "async def fetch_all(ids, fetch):\n    "


def points(notebook, **options):
    return {verdict.grade_id: verdict.earned for verdict in grade(course(), notebook, **options)}


def first(fetch_all, **options):
    return grade(course(), submission(fetch_all, **options))[0]


@pytest.fixture
def short_limits(monkeypatch):
    """Limits that a hang reaches soon; what is tested is that it ends and costs its own cell only."""
    monkeypatch.setattr(session, "CELL_LIMIT", 2.0)
    monkeypatch.setattr(session, "LOAD_LIMIT", 1.0)
    monkeypatch.setattr(session, "GRACE", 1.0)


def test_the_reference_earns_every_point():
    assert points(submission()) == {"test_fetch_all_a": 2, "test_round_trip_a": 3}


@pytest.mark.parametrize(
    "right",
    [
        "async def fetch_all(ids, fetch):\n    tasks = [asyncio.create_task(fetch(i)) for i in ids]\n    return [await t for t in tasks]",
        "async def fetch_all(ids, fetch):\n    async with asyncio.TaskGroup() as group:\n        tasks = [group.create_task(fetch(i)) for i in ids]\n    return [t.result() for t in tasks]",
    ],
)
def test_a_right_alternative_earns_every_point(right):
    assert points(submission(right)) == {"test_fetch_all_a": 2, "test_round_trip_a": 3}


def test_helpers_in_added_cells_and_examples_are_there():
    helper = "async def one(i, fetch):\n    return double(await fetch(i)) // 2"
    right = BODY + "return await asyncio.gather(*(one(i, fetch) for i in ids))"

    assert points(submission(right, added=[helper])) == {"test_fetch_all_a": 2, "test_round_trip_a": 3}


def test_a_sequential_answer_is_told_the_cause():
    verdict = first(BODY + "return [await fetch(i) for i in ids]")

    assert (verdict.earned, verdict.state) == (0, "failed")
    assert "Obtuve:    6 s   (la suma: 3 + 2 + 1)" in verdict.message
    assert "(M08)" in verdict.message


def test_an_unsolved_exercise_is_not_a_wrong_one():
    verdict = first(STUB)

    assert (verdict.earned, verdict.state) == (0, "untried")


def test_the_failure_carries_the_picture_of_the_attempt_before_the_error():
    outputs = first(BODY + "return [await fetch(i) for i in ids]").outputs

    assert [output.output_type for output in outputs] == ["display_data", "error"]
    assert "svg" in outputs[0].data["text/html"]


UNTOLD = "✗ 1.1 fetch_all — sin usuarios\n  Falla un caso oculto: el mismo enunciado con otros datos."
CHOSEN = "c4n4ry"


@pytest.mark.parametrize(
    "told",
    [
        f"asyncio.get_running_loop().create_task(asyncio.sleep(99), name='{CHOSEN} ' + repr(ids)); return []",
        f"await asyncio.create_task(asyncio.Event().wait(), name='{CHOSEN}')",
        f"raise KeyError('{CHOSEN}', ids)",
        f"return {{'{CHOSEN}': ids}}",
        f"{CHOSEN}(ids)",
        f"asyncio.{CHOSEN}",
        f"return type('{CHOSEN}', (), {{'__module__': 'x'}})()",
        f"raise NotImplementedError('{CHOSEN}')",
        f"asyncio.get_running_loop().call_exception_handler({{'message': '{CHOSEN}'}}); return None",
    ],
)
def test_a_hidden_case_tells_nothing_that_the_submission_chose(told):
    verdict = first(f"{BODY}if ids: return await asyncio.gather(*(fetch(i) for i in ids))\n    {told}")

    assert verdict.hidden
    assert verdict.message == UNTOLD
    assert CHOSEN not in str(verdict.outputs)


@pytest.mark.parametrize(
    ("causes", "told"),
    [(", causes=[Cause('no devuelves nada', got=None)]", "\n  Causa probable: no devuelves nada."), ("", "")],
)
def test_of_a_hidden_case_only_a_cause_that_its_cell_has_written_is_told(causes, told):
    reference = course()
    test = next(cell for cell in reference.cells if cell.id == "test-fetch-all-a")
    test.source = test.source.replace("value=[], elapsed=0", f"value=[]{causes}")
    answer = f"{BODY}return await asyncio.gather(*map(fetch, ids)) if ids else None"

    verdict = grade(reference, submission(answer))[0]

    assert verdict.message == UNTOLD + told
    assert "Causa probable" in verdict.full


def test_what_a_hidden_case_raises_itself_is_not_told():
    reference = course()
    test = next(cell for cell in reference.cells if cell.id == "test-fetch-all-a")
    test.source = test.source.replace(
        "run_virtual(fetch_all, [], fetch).expect(", "{}[run_virtual(fetch_all, [], fetch).value]("
    )

    verdict = grade(
        reference, submission(f"{BODY}return await asyncio.gather(*map(fetch, ids)) if ids else '{CHOSEN}'")
    )[0]

    assert "la prueba se interrumpe en un caso oculto" in verdict.message
    assert CHOSEN not in verdict.message
    assert CHOSEN in verdict.full


def test_a_hidden_case_fails_without_naming_its_data():
    verdict = first(BODY + "return await asyncio.gather(*(fetch(i) for i in ids)) or None")

    assert (verdict.earned, verdict.hidden) == (0, True)
    assert "sin usuarios" in verdict.message
    assert "[]" not in verdict.message
    assert "[]" in verdict.full


HANGS = {
    "awaits for ever": "await asyncio.Event().wait()",
    "loops without await": "while True: pass",
    "swallows everything": "while True:\n        try: await asyncio.sleep(1)\n        except BaseException: pass",
    "ends its process": "import os; os._exit(0)",
    "exits": "import sys; sys.exit()",
    "interrupts": "raise KeyboardInterrupt",
    "cancels itself": "asyncio.current_task().cancel(); await fetch(1)",
    "kills its process": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
}


@pytest.mark.parametrize("body", HANGS.values(), ids=HANGS)
def test_what_never_returns_costs_its_own_cell_only(body, short_limits):
    assert points(submission(BODY + body)) == {"test_fetch_all_a": 0, "test_round_trip_a": 3}


def budgets(**facts):
    """Budgets of which those for a graded cell say this, whatever is used."""

    def make(pid, *, own, cpu, guard, disk):
        made = Budget(pid, own=own, cpu=cpu, guard=guard, disk=disk)
        if own != session.CELL_LIMIT:
            return made
        return type("Said", (Budget,), {"__init__": lambda self: vars(self).update(vars(made)), **facts})()

    return make


@pytest.mark.parametrize("busy", [1, 2, 3])
def test_a_cell_for_which_the_machine_is_too_busy_is_repeated_and_then_has_no_mark(monkeypatch, busy):
    forks = []

    def spent(budget):
        if budget not in forks:
            forks.append(budget)
        return "guard" if len(forks) <= busy else ""

    monkeypatch.setattr(session, "Budget", budgets(spent=spent))

    verdicts = grade(course(), submission())

    if busy < 3:
        assert [(verdict.state, verdict.earned) for verdict in verdicts] == [("passed", 2), ("passed", 3)]
    else:
        assert [(verdict.state, verdict.earned) for verdict in verdicts] == [("fault", None)] * 2
        assert "la máquina está demasiado ocupada); corrige de nuevo" in verdicts[0].full
        assert len(forks) == 3


def test_a_hidden_case_for_which_the_machine_is_too_busy_is_graded_again_from_the_start(monkeypatch):
    forks = []

    def spent(budget):
        if budget not in forks:
            forks.append(budget)
        return "guard" if len(forks) == 3 else ""  # two visible parts, then the first hidden one

    monkeypatch.setattr(session, "Budget", budgets(spent=spent))

    assert points(submission()) == {"test_fetch_all_a": 2, "test_round_trip_a": 3}
    assert len(forks) == 4


CLAIMS = """from grader.checks import runner
runner.Run.execute = lambda run: {"value": None, "refused": None, "elapsed": 0.0, "timeline": None, "facts": [],
    "error": {"type": "Busy", "text": "Busy: no", "leaves": [], "line": None, "source": "", "function": ""}}
"""


@pytest.mark.parametrize(
    ("wall", "own", "earned"), [(0.0, 0.0, 0), (29.0, 0.0, 0), (31.0, 29.0, 0), (31.0, 1.0, None)]
)
def test_who_says_that_the_machine_is_busy_is_not_believed_unless_it_was(monkeypatch, wall, own, earned):
    """To say so gives no points; and where the run had the machine to itself, it is no way around a zero."""

    def first_nothing_then(seconds):
        return property(lambda budget: next(vars(budget).setdefault(seconds, iter([0.0])), seconds))

    facts = {"wall": first_nothing_then(wall), "own": first_nothing_then(own + 1e-9)}
    monkeypatch.setattr(session, "Budget", budgets(spent=lambda budget: "", **facts))

    verdict = first(CLAIMS + FETCH_ALL)

    assert verdict.earned == earned


SPINNERS = """import os
    for _ in range(12):
        if os.fork() == 0:
            while True: pass
    return []"""


def test_what_many_processes_compute_counts_together_and_ends_with_its_cell(monkeypatch):
    monkeypatch.setattr(session, "CPU_LIMIT", 1.0)
    forks = []
    end_fork = session.Session._end_fork

    def counted(child):
        end_fork(child)
        forks.append(len(family(child.line.pid)) - len(child._others))

    monkeypatch.setattr(session.Session, "_end_fork", counted)
    waits = SPINNERS.replace("return []", "await asyncio.sleep(0)\n    while True: pass")

    verdicts = grade(course(), submission(BODY + waits))

    assert [verdict.earned for verdict in verdicts] == [0, 3]
    assert "gastó 1 s de procesador" in verdicts[0].full
    assert forks == [0]


def test_what_a_visible_case_has_started_stands_still_until_the_hidden_one(monkeypatch):
    """Or it would take the time of the cells below."""
    states = []
    park_cell = session.Session.park_cell

    def parked(child):
        park_cell(child)
        pids = set(family(child.line.pid)) - set(child._others)
        while "R" in (seen := {thread.state for thread in threads(pids).values()}):
            pass
        states.append((len(pids), seen))

    monkeypatch.setattr(session.Session, "park_cell", parked)
    leaves = (
        "import os\n    for _ in range(3):\n        if os.fork() == 0:\n            while True: pass\n    "
    )
    right = BODY + leaves + "return await asyncio.gather(*(fetch(i) for i in ids))"

    assert points(submission(right)) == {"test_fetch_all_a": 2, "test_round_trip_a": 3}
    assert states == [(4, {"T"})]


def test_a_repeated_grading_has_the_time_of_a_submission_each_time(monkeypatch):
    monkeypatch.setattr(session, "CELL_LIMIT", 1000.0)
    monkeypatch.setattr(session, "TOTAL_LIMIT", 200.0)
    monkeypatch.setattr(session, "Budget", budgets(own=90.0))

    rounds = grade_again(course(), submission(), 3)

    assert [[verdict.state for verdict in verdicts] for verdicts in rounds] == [["passed"] * 2] * 3


TOP_LEVEL = {
    "loop": "while True: pass",
    "endless await": "await asyncio.Event().wait()",
    "error": "1 / 0",
    "exit": "raise SystemExit",
    "noise": "print('x' * 10_000_000)",
    "warning": "fetch_all([], None); x = 1",
}


@pytest.mark.parametrize("line", TOP_LEVEL.values(), ids=TOP_LEVEL)
def test_a_top_level_line_after_the_answer_costs_nothing(line, short_limits):
    right = BODY + "return await asyncio.gather(*(fetch(i) for i in ids))\n\n" + line

    assert points(submission(right)) == {"test_fetch_all_a": 2, "test_round_trip_a": 3}


def test_a_top_level_exit_of_the_process_costs_what_its_cell_defines(short_limits):
    right = BODY + "return await asyncio.gather(*(fetch(i) for i in ids))\n\nimport os; os._exit(0)"

    assert points(submission(right)) == {"test_fetch_all_a": 0, "test_round_trip_a": 3}


def test_a_later_redefinition_does_not_count():
    notebook = submission(STUB)
    notebook.cells.append(submission().cells[3])

    assert points(notebook)["test_fetch_all_a"] == 0


def test_a_name_that_is_not_there_is_named():
    assert "tu notebook no define `fetch_all`" in first("x = 1").message


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (
            "async def fetch_all(ids, fetch):\n    for i in ids\n        pass",
            "su celda tiene un error de sintaxis en la línea 2",
        ),
        (
            "lots = 1 / 0\nasync def fetch_all(ids, fetch):\n    pass",
            "su celda falla con ZeroDivisionError: division by zero",
        ),
    ],
)
def test_a_name_is_missing_because_its_cell_failed(source, why):
    assert f"tu notebook no define `fetch_all`: {why}" in first(source).message


def test_what_python_says_of_an_answer_that_is_none_is_told_with_its_line_and_nothing_else():
    verdict = first("async def fetch_all(ids, fetch):\n    for i in ids\n        pass")

    assert (verdict.state, verdict.earned) == ("failed", 0)
    assert verdict.message.splitlines()[1:] == [
        "  Obtuve:    tu notebook no define `fetch_all`: su celda tiene un error de sintaxis en la línea 2.",
        "  Python:    SyntaxError: expected ':'",
        "  Dónde:     tu celda, línea 2: for i in ids",
    ]


def test_a_cell_that_fails_before_it_defines_its_function_is_told_with_the_cause():
    message = first("async def fetch_all(ids: Sequence, fetch):\n    pass").message

    assert "su celda falla con NameError: name 'Sequence' is not defined." in message
    assert "el nombre `Sequence` no existe: falta `from collections.abc import Sequence`." in message
    assert "Dónde:     tu celda, línea 1: async def fetch_all(" in message


@pytest.mark.parametrize("name", ["fetchAll", "fetch_al", "fetch_alls"])
def test_a_name_that_is_like_the_one_that_is_asked_for_is_told(name):
    assert (
        f"tu notebook no define `fetch_all`: tu celda define `{name}`."
        in first(f"async def {name}(ids, fetch):\n    pass").message
    )


def test_a_line_of_a_given_cell_is_never_called_the_students():
    body = "n = 1\n    return double(None) or await fetch(1)"

    message = first(BODY + body).message

    assert "TypeError: unsupported operand" in message
    assert "Dónde:     tu celda, línea 3: return double(None)" in message


GENERAL = {
    "the stub's error": (
        "rows = await asyncio.gather(*map(fetch, ids))\n    raise NotImplementedError()",
        "línea 3: raise Not",
    ),
    "gather of a list": ("return await asyncio.gather([fetch(i) for i in ids])", "falta `*`"),
    "gather of results": ("return await asyncio.gather(*[await fetch(i) for i in ids])", "sobra `await`"),
    "gather of a generator": ("return await asyncio.gather(fetch(i) for i in ids)", "falta `*`"),
    "gather without await": ("return asyncio.gather(*map(fetch, ids))", "falta `await` delante de `gather`"),
    "a loop in a thread": (
        "return await asyncio.to_thread(asyncio.run, fetch(1))",
        "(M06): llamas a `fetch` en otro",
    ),
    "a name of a module": ("return [*chain(ids)]", "el nombre `chain` no existe"),
    "a tuple": (
        "return tuple(await asyncio.gather(*map(fetch, ids)))",
        "das una tupla donde se pide una lista",
    ),
    "a process that ends": ("import os; os._exit(0)", "Obtuve:    tu programa se cerró antes de responder"),
}


@pytest.mark.parametrize(("body", "told"), GENERAL.values(), ids=GENERAL)
def test_a_general_cause_is_told_by_the_judge_as_well(body, told):
    verdict = first(BODY + body)

    assert verdict.state == "failed"
    assert told in verdict.message
    assert "Parada" not in verdict.message


GATHER = BODY + "return list(await asyncio.gather(*(fetch(i) for i in ids)))"
WITH_MAGICS = {
    "time": f"%%time\n{GATHER}",
    "capture": f"%%capture salida\n{GATHER}\nprint(fetch_all)",
    "time of capture": f"\n%%time\n%%capture\n{GATHER}",
    "prun": f"%%prun -q\n{GATHER}",
    "output of a command": f"version = !python --version\n{GATHER}",
    "command over lines": f"!pip install -q \\\n  nest_asyncio\n{GATHER}\nfetch_all?",
    "question": f"{GATHER}\nfetch_all?\nasyncio.gather??",
    "line that asks": f"!pip install -q nest_asyncio\n{GATHER}  # ¿así empiezan todas a la vez?",
    "time in a line": f"{GATHER}\n%time print(1)\n%timeit -n1 -r1 len([])\n%matplotlib inline",
    "prompts": ">>> " + GATHER.replace("\n", "\n... "),
}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A kernel that has run the cells above the first exercise."""
    with live_kernel(tmp_path_factory.mktemp("kernel")) as kernel:
        for cell in course().cells[1:3]:
            kernel.run(cell.source)
        yield kernel


@pytest.mark.parametrize("answer", WITH_MAGICS.values(), ids=WITH_MAGICS)
def test_a_right_answer_with_magics_earns_what_it_earns_in_a_kernel(kernel, answer):
    kernel.run(STUB)
    kernel.run(answer)
    passed = kernel.run(course().cells[4].source)

    assert (passed.status, points(submission(answer))["test_fetch_all_a"]) == ("ok", 2)


def test_a_magic_that_awaits_defines_nothing_in_either(kernel):
    answer = f"%%time\nawait asyncio.sleep(0)\n{GATHER}"
    kernel.run(STUB)
    kernel.run(answer)

    assert kernel.run(course().cells[4].source).status == "error"
    assert "su celda tiene un error de sintaxis en la línea 2" in first(answer).message


def test_a_cell_that_takes_long_to_transform_costs_itself_only(short_limits):
    slow = "\n".join(["!x"] * 400 + ["x = '" + "é" * 400 + "'"] * 400)

    assert points(submission(added=[slow])) == {"test_fetch_all_a": 2, "test_round_trip_a": 3}


FREE_SLEEP = "async def nothing(*args): pass\nasyncio.sleep = nothing\n"
TRICKS = {
    "sleep made free": FREE_SLEEP + BODY + "return [await fetch(i) for i in ids]",
    "time turned back": BODY
    + "result = [await fetch(i) for i in ids]\n    asyncio.get_running_loop()._now = 3.0\n    return result",
    "no request at all": BODY + "await asyncio.sleep(3)\n    return list(ids)",
    "a value that lies": (
        "class Liar(list):\n    def __eq__(self, other): return True\n"
        + BODY
        + "await asyncio.sleep(3)\n    return Liar()"
    ),
    "a forged report": BODY
    + """from grader.checks.service import BOOK
    port = BOOK.get()._port
    report = {"value": list(ids), "refused": None, "error": None, "elapsed": 3.0, "timeline": None, "facts": []}
    port.send({"op": "done", "report": report})""",
    "patched checks": "import builtins, json\njson.dumps = lambda *a, **k: '{}'\nbuiltins.AssertionError = None\n"
    + BODY
    + "return 1",
    "garbage on the line": BODY
    + "import os\n    for fd in range(3, 20):\n        try: os.write(fd, b'[' * 9999 + b'\\n')\n        except OSError: pass",
}


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_a_trick_earns_nothing_and_costs_no_other_exercise(trick, short_limits):
    earned = points(submission(trick))

    assert earned["test_fetch_all_a"] == 0
    assert earned["test_round_trip_a"] in (0, 3)  # what it did to its own process is its own affair


def test_a_child_that_does_not_start_is_no_zero():
    verdicts = grade(course(), submission(), launch=Unstartable())

    assert [(verdict.earned, verdict.state) for verdict in verdicts] == [(None, "fault")] * 2
    assert "fallo de la corrección" in verdicts[0].message


OWN_FAULTS = {
    "await": ("assert await fetch_all([1], None) == [1]", "SyntaxError: 'await' outside function"),
    "async for": ("async for n in fetch_all: pass", "SyntaxError: 'a"),
    "field": (
        "run_virtual(fetch_all, [], None).expect('1.1 fetch_all', elapsd=0)",
        "TypeError: Outcome.expect() got an unexpected keyword argument 'elapsd'",
    ),
    "name": ("run_virtual(fetch_al, [])", "NameError: name 'fetch_al' is not defined"),
    "value": (
        "run_virtual(fetch_all, 7, None).value[0]",
        "TypeError: 'NoneType' object is not subscriptable",
    ),
}


@pytest.mark.parametrize("own", OWN_FAULTS)
@pytest.mark.parametrize("answer", [FETCH_ALL, STUB])
def test_a_test_cell_that_fails_by_itself_judges_nobody(own, answer):
    reference = course()
    line, what = OWN_FAULTS[own]
    reference.cells[4].source = line

    verdict, other = grade(reference, submission(answer))

    assert (verdict.earned, verdict.state, other.earned) == (None, "fault", 3)
    assert verdict.slip.startswith(what)
    assert f"la prueba falla por sí misma ({what}" in verdict.full


OBSERVED = """answers = Tokens(int)
async def watched(fetch_all, fetch):
    return {"answers": await fetch_all([1], fetch), "in this thread": True}
run_virtual(watched, fetch_all, service(reply=answers)).expect(
    "1.1 fetch_all — en este hilo", value={"answers": [answers(1)], "in this thread": True}, elapsed=1
)
"""


def test_an_assertion_in_a_test_cell_judges_the_answer():
    reference = course()
    reference.cells[4].source = "assert run_virtual(fetch_all, [], None).value == [1], 'no'"

    verdict = grade(reference, submission())[0]

    assert (verdict.earned, verdict.state, verdict.slip) == (0, "failed", "")
    assert "AssertionError: no" in verdict.full


CHECKS = """from grader import Cause

NUMBERS = {numbers}
causes = [Cause("M99: el doble", got=[2 * number for number in NUMBERS])]


async def each(fn, marks):
    return [await one(fn, number, marks) for number in NUMBERS]


async def one(fn, number, marks):
    await marks(number)
    return await fn(number)
"""
FORGED = "import sys, types\nsys.modules['checks'] = types.ModuleType('checks')"


@pytest.mark.parametrize("numbers", [[1, 2], [3, 4, 5]])
def test_scenarios_and_causes_may_stand_in_the_checks_beside_the_notebook(tmp_path, numbers):
    """Each section has its own, and what a submission calls `checks` is of no use to it."""
    (tmp_path / "checks.py").write_text(CHECKS.format(numbers=numbers))
    reference = course()
    test = next(cell for cell in reference.cells if cell.id == "test-round-trip-a")
    test.source = f"""from checks import causes, each

run_virtual(each, round_trip, service(delay=0)).expect("1.2 round_trip", value={numbers}, causes=causes)"""
    twice = "async def round_trip(n):\n    return 2 * n"

    right = grade(reference, submission(added=[FORGED]), beside=tmp_path)[1]
    wrong = grade(reference, submission(round_trip=twice, added=[FORGED]), beside=tmp_path)[1]

    assert (right.earned, right.state) == (3, "passed"), right.full
    assert (wrong.earned, "(M99): el doble" in wrong.full) == (0, True)
    assert "checks" not in sys.modules


def test_a_scenario_that_holds_what_services_will_answer_is_a_fault_of_ours():
    reference = course()
    test = next(cell for cell in reference.cells if cell.id == "test-round-trip-a")
    test.source = """answers = Tokens()
async def reads(fn):
    return answers(1)
run_virtual(reads, round_trip).expect("1.2 round_trip", value=answers(1))"""

    verdict = grade(reference, submission())[1]

    assert (verdict.earned, verdict.state) == (None, "fault")
    assert "pass it a service instead" in verdict.full


def test_a_service_that_was_asked_is_a_proof():
    assert [verdict.proven for verdict in grade(course(), submission())] == [True, False]


def test_what_the_child_has_observed_beside_the_answers_is_none():
    reference = course()
    reference.cells[4].source = OBSERVED

    assert grade(reference, submission())[0].earned == 2
    assert not grade(reference, submission())[0].proven


def test_a_hidden_case_that_holds_tells_nothing_of_its_run():
    assert grade(course(), submission())[0].message.splitlines() == [
        "✓ 1.1 fetch_all — las tres peticiones se solapan (t = 3 s, pico = 3)",
        "✓ 1.1 fetch_all — sin usuarios",
    ]


def test_modules_beside_the_notebook_are_there_for_the_judge_and_for_other_processes_of_the_child(tmp_path):
    (tmp_path / "beside_work.py").write_text("def twofold(n):\n    return 2 * n\n")
    (tmp_path / "secret.ipynb").write_text("{}")
    reference, merged = course(), submission(BESIDE)
    for notebook in (reference, merged):
        notebook.cells[1].source += "\nfrom beside_work import twofold"
    reference.cells[-1].source = SPAWNS

    verdicts = {verdict.grade_id: verdict for verdict in grade(reference, merged, beside=tmp_path)}

    assert [verdicts["test_fetch_all_a"].earned, verdicts["test_round_trip_a"].full] == [
        2,
        "✓ 1.2 round_trip — 8",
    ]
    assert "beside_work" not in " ".join(sys.path)


BESIDE = """async def fetch_all(ids, fetch):
    assert twofold(2) == 4
    return await asyncio.gather(*(fetch(i) for i in ids))"""

SPAWNS = """import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from grader import run_real


async def elsewhere(fn):
    import os
    assert not any(name.endswith("ipynb") for _, _, names in os.walk(os.getcwd()) for name in names)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, twofold, 4)

run_real(elsewhere, round_trip).expect("1.2 round_trip — 8", value=8)"""


def test_a_test_cell_can_draw_its_inputs_at_random_and_only_they_reach_the_child():
    """The expected value is computed here: what an answer remembers from another run is worth nothing."""
    reference = course()
    reference.cells[4].source = """import random

ids = random.sample(range(10**9), 3)
run_virtual(fetch_all, ids, service(name="fetch")).expect("1.1 fetch_all", value=ids, elapsed=1, peak=3)"""
    remembered = BODY + "await asyncio.gather(*(fetch(i) for i in (1, 2, 3)))\n    return [1, 2, 3]"

    marks = [grade(reference, submission(each))[0].earned for each in (FETCH_ALL, remembered)]

    assert marks == [2, 0]
