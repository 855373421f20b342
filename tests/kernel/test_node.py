"""%%node runs JavaScript in a real Node.js: output in order, a module of the notebook's folder, errors."""

import pytest
from live_kernel import live_kernel


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def kernel(folder):
    with live_kernel(folder) as running:
        running.load()
        yield running


def test_both_streams_come_on_stdout_in_the_order_of_the_program(kernel):
    run = kernel.node("for (const n of [1, 2, 3]) { console.log('out', n); console.error('err', n) }")

    assert run.stdout == "out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n"
    assert (run.stderr, run.status) == ("", "ok")


def test_output_comes_while_the_program_runs(kernel, folder):
    go_on = folder / "sigue"
    kernel.start(
        "%%node\nimport fs from 'node:fs';\nconsole.log('ya');\n"
        "while (!fs.existsSync('sigue')) await sleep(10);\nconsole.log('fin');",
        until="ya",
    )
    go_on.touch()

    assert kernel.finish().stdout == "ya\nfin\n"


def test_objects_are_printed_without_colours(kernel):
    run = kernel.node("console.log({ a: 1, b: 'x', c: [null, true] })")

    assert run.stdout == "{ a: 1, b: 'x', c: [ null, true ] }\n"


def test_warnings_carry_neither_process_number_nor_path(kernel):
    assert kernel.node("process.emitWarning('cuidado');").stdout == "Warning: cuidado\n"


def test_stacks_show_the_lines_of_the_cell_without_paths(kernel):
    run = kernel.node("function f() {\n  console.error(new Error('e').stack);\n}\nf();")

    assert run.stdout == "Error: e\n    at f (celda:3:17)\n    at celda:5:1\n"


def test_a_flood_of_output_is_cut_off(kernel):
    run = kernel.node("for (;;) console.log('x'.repeat(1000));")

    assert len(run.stdout) == 1_000_000
    assert run.error["evalue"] == "la salida pasa de 1000000 caracteres: detuve Node"


def test_imports_are_relative_to_the_notebook(kernel, folder):
    (folder / "vecino.mjs").write_text("export const x = 42;")

    assert kernel.node("import { x } from './vecino.mjs';\nconsole.log(x);").stdout == "42\n"


def test_await_works_at_top_level(kernel):
    assert kernel.node("console.log(await sleep(1, 'despierta'));").stdout == "despierta\n"


def test_nothing_stays_in_the_notebooks_folder(kernel, folder):
    before = sorted(folder.iterdir())
    kernel.node("console.log(1);")
    kernel.node("throw new Error('x');")

    assert sorted(folder.iterdir()) == before


def test_workers_and_forks_are_plain_node(kernel, folder):
    (folder / "obrero.js").write_text("require('node:worker_threads').parentPort.postMessage(typeof track);")
    (folder / "hijo.js").write_text("process.send(typeof track);")
    run = kernel.node(
        "import { Worker } from 'node:worker_threads';\nimport { fork } from 'node:child_process';\n"
        "const answer = (one) => new Promise((resolve) => one.on('message', resolve));\n"
        "console.log(await Promise.all([new Worker('./obrero.js'), fork('./hijo.js')].map(answer)));",
    )

    assert run.stdout == "[ 'undefined', 'undefined' ]\n"


def test_the_kernel_can_serve_the_cell_from_a_thread(kernel):
    kernel.run(
        "import http.server, threading\n"
        "server = http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)\n"
        "threading.Thread(target=server.serve_forever, daemon=True).start()\n"
        "open('puerto.json', 'w').write(str(server.server_port));"
    )
    run = kernel.node(
        "import fs from 'node:fs';\n"
        "const response = await fetch(`http://127.0.0.1:${fs.readFileSync('puerto.json')}/puerto.json`);\n"
        "console.log(response.status);",
    )
    kernel.run("server.shutdown(); server.server_close()")

    assert run.stdout.splitlines()[-1] == "200"


ERRORS = {
    "an exception": (
        "const f = () => {\n  throw new TypeError('mal');\n};\nf();",
        "TypeError: mal (línea 3, código de salida 1)",
    ),
    "a rejected await": (
        "await sleep(1);\nawait Promise.reject(new RangeError('no'));",
        "RangeError: no (línea 3, código de salida 1)",
    ),
    "a floating rejection": (
        "Promise.reject(new Error('boom'));\nawait sleep(100);",
        "Error: boom (línea 2, código de salida 1)",
    ),
    "a syntax error": (
        "const a = 1;\nconst = 2;",
        "SyntaxError: Unexpected token '=' (línea 3, código de salida 1)",
    ),
    "a missing export": (
        "import { join, nada } from 'node:path';",
        "SyntaxError: The requested module 'node:path' does not provide an export named 'nada'"
        " (línea 2, código de salida 1)",
    ),
    "a missing module": (
        "import './nadie.mjs';",
        "Error: Cannot find module './nadie.mjs' (código de salida 1)",
    ),
    "a cause": (
        "throw new Error('fuera', { cause: new Error('dentro') });",
        "Error: fuera (causa: dentro) (línea 2, código de salida 1)",
    ),
    "something that is no error": ("throw { a: 1 };", "throw: { a: 1 } (código de salida 1)"),
    "a reason that is no error": ("Promise.reject('x');", "promesa rechazada: x (código de salida 1)"),
    "an exit code": ("process.exit(3);", "Node terminó con código de salida 3"),
    "an endless await": (
        "console.log('antes');\nawait new Promise(() => {});",
        "await que nunca termina (código de salida 13)",
    ),
}


@pytest.mark.parametrize(("code", "message"), ERRORS.values(), ids=ERRORS)
def test_a_bad_end_is_an_error_in_one_line(kernel, code, message):
    run = kernel.node(code)

    assert (run.status, run.error["ename"], run.error["evalue"]) == ("error", "NodeError", message)
    assert run.stdout == ("antes\n" if "antes" in code else "")
    assert run.stderr == ""


def test_an_error_shows_the_line_of_the_cell_and_nothing_of_ours(kernel):
    run = kernel.node("const x = 1;\n  x = 2;")

    assert run.error["traceback"] == [
        "NodeError: TypeError: Assignment to constant variable. (línea 3, código de salida 1)",
        "  x = 2;",
    ]


def test_exit_code_13_is_explained(kernel):
    run = kernel.node("await Promise.race([]);")

    assert "asyncio esperaría para siempre" in run.error["traceback"][1]


def test_what_an_exit_handler_prints_comes_before_the_error(kernel):
    run = kernel.node("process.on('exit', (code) => console.log('salgo', code));\nthrow new Error('x');")

    assert run.stdout == "salgo 1\n"


def test_a_cell_may_handle_its_lost_errors_itself(kernel):
    run = kernel.node(
        "process.on('unhandledRejection', (error) => console.log('unhandledRejection:', error.message));\n"
        "process.on('uncaughtException', (error) => console.log('uncaughtException:', error.message));\n"
        "Promise.reject(new Error('boom'));\nsetTimeout(() => { throw new Error('pum') }, 1);\n"
        "setTimeout(() => console.log('el proceso sigue'), 20);",
    )

    assert run.stdout == "unhandledRejection: boom\nuncaughtException: pum\nel proceso sigue\n"
    assert run.status == "ok"


def test_wrong_options_are_an_error_that_shows_the_right_ones(kernel):
    for options in ("--foo", "--limit", "--limit x", "--limit 0", "--timeline 1x"):
        run = kernel.node("1", options)

        assert run.error["traceback"][1] == "  %%node [--limit SEGUNDOS] [--timeline NOMBRE]"
        assert run.stderr == ""
