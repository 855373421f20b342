"""A build may be cut off anywhere, moved, or started twice: the next start puts it right."""

import os
import shutil
import signal

from tiny_clone import Clone, built, finish, first, other_python, posix_only

from grader.cli import bootstrap

pytestmark = posix_only


def begin_build(clone):
    """Start a command and wait until its build is under way; `let_go` lets it go on."""
    for file in (clone.venv / "grader").glob("stamp-*"):
        file.unlink()
    begun, _ = clone.pipe("begun"), clone.pipe("go")
    process = clone.start("check")
    begun.open().close()
    begun.unlink()
    return process


def let_go(clone):
    (clone.root / "go").open("w").close()
    (clone.root / "go").unlink()


def test_a_build_that_was_killed_is_repaired_by_the_next_start(built):
    process = begin_build(built)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    (built.root / "go").unlink()

    result = built.run("check")

    assert result.code == 0, result.err
    assert result.lines[0].startswith("Completo .venv")
    assert built.builds() == 2


def test_ctrl_c_during_a_build_ends_it_in_one_line_and_the_next_start_repairs_it(built):
    process = begin_build(built)
    os.killpg(process.pid, signal.SIGINT)
    result = finish(process)
    (built.root / "go").unlink()

    assert result.code == 2
    assert result.lines[-1] == "Interrumpido: repite la orden cuando quieras y seguirá."
    assert "Traceback" not in result.err
    assert built.run("check").code == 0


def test_an_installer_that_outlived_its_parent_is_waited_for(built):
    orphaned = begin_build(built)
    orphaned.kill()
    second = built.start("check")

    line = second.stderr.readline()
    let_go(built)
    result = finish(second)
    orphaned.communicate()

    assert line == "Otra orden prepara .venv: espero a que termine.\n"
    assert result.code == 0, result.err


def test_two_commands_started_at_once_share_one_build(built):
    one = begin_build(built)
    two = built.start("check")
    line = two.stderr.readline()
    let_go(built)

    results = [finish(one), finish(two)]

    assert line == "Otra orden prepara .venv: espero a que termine.\n"
    assert [result.code for result in results] == [0, 0]
    assert built.builds() == 1


def test_an_environment_without_pip_is_made_anew(built):
    for folder in built.venv.glob("lib/python*/site-packages/pip"):
        shutil.rmtree(folder)
    (built.venv / "grader" / "stamp-course").unlink()

    result = built.run("check")

    assert result.code == 0, result.err
    assert "pip" in result.told["packages"]


def test_an_environment_whose_python_is_gone_is_made_anew(built):
    for name in ("python", "python3", f"python{bootstrap.RUNNING}"):
        (built.venv / "bin" / name).unlink()
    (built.venv / "bin" / "python").symlink_to("/nowhere/python")

    result = built.run("check")

    assert result.code == 0, result.err
    assert (built.venv / "bin" / "python").exists()


def test_a_folder_that_moved_gets_its_environment_anew(built):
    moved = Clone(built.root.rename(built.root.with_name("moved")))

    result = moved.run("check")

    assert result.lines[0].startswith("Rehago .venv, porque la carpeta ha cambiado de sitio")
    assert result.told["prefix"] == str(moved.venv)


def test_another_version_of_python_gets_its_environment_anew(built):
    version, python = other_python()

    result = built.run("check", python=python)

    assert result.lines[0].startswith(
        f"Rehago .venv con Python {version}, porque era de Python {bootstrap.RUNNING}"
    )
    assert result.told["version"] == version


def test_an_environment_in_use_is_not_cleared(built):
    hold = built.pipe("hold")
    running = built.start("check", "hold")
    running.stdout.readline()
    (built.venv / "grader" / "place").write_text("3.11 /somewhere/else")

    result = built.run("check")
    hold.open("w").close()
    running.communicate()

    assert result.code == 2
    assert result.lines[-1] == "Otra orden usa .venv (¿JupyterLab abierto?): ciérrala y repite la orden."
    assert running.returncode == 0
