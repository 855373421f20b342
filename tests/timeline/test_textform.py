import pytest
import samples
from samples import EVERY

from grader.timeline.model import duration, model
from grader.timeline.text import summary
from grader.timeline.timeline import Timeline, compare

CONCURRENT = """\
total 1 s · 3 tareas · esperan 2 s entre todas
                0 s                                   1 s
bucle           │                                       │
main            │───────────────────────────────────────● fin 1 s · TaskGroup
  fetch_user(1) │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░● fin 1 s · sleep 1 s
  fetch_user(2) │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░● fin 1 s · sleep 1 s
│ █ ejecuta   ░ espera: sleep   ─ espera a otra tarea"""

SEVEN = """\
total 0.552 s · 8 tareas · esperan 1.7 s entre todas
                0 s                               0.552 s
bucle           │      XXXXXXXXXXXXXXXXXX │  │      │   │ bloqueado 0.25 s · línea 8
hilo            ═════════════════════════════             leer_disco 0.401 s
main            │───────────────────────────────────────● fin 0.552 s · TaskGroup
  fetch_user(1) │░░░░░░░░░░░░░░░░░░░░░▒▒▒▒●               fin 0.354 s · sleep 0.3 s
  bloqueante    │░░░░░░XXXXXXXXXXXXXXXXXX●                fin 0.352 s · sleep 0.1 s
  sem-a         │░░░░░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒●               fin 0.354 s · sleep 0.2 s
  sem-b         │/////////////////////////│░░░░░░░░░●     fin 0.504 s · semáforo 0.352 s, sleep 0.1…
  to_thread     │════════════════════════════●            fin 0.403 s · to_thread 0.402 s
  consumidor    │///////////////////////////////////////◇ cancelada 0.552 s · queue.get 0.551 s
  falla         │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░✗ ValueError 0.551 s · sleep 0.55 s
│ █ ejecuta   ▒ lista, espera turno   ░ espera: sleep   ═ espera: hilo
/ espera: cerrojo / cola / semáforo   ─ espera a otra tarea   X bucle bloqueado"""

COMPARED = """\
Tu solución: total 2 s · 1 tarea
                0 s                                   2 s
bucle           │                   │                   │
main            │░░░░░░░░░░░░░░░░░░░│░░░░░░░░░░░░░░░░░░░● fin 2 s · sleep 1 s ×2

Esperado: total 1 s · 3 tareas · esperan 2 s entre todas
                0 s                                   2 s
bucle           │                   │
main            │───────────────────●                     fin 1 s · TaskGroup
  fetch_user(1) │░░░░░░░░░░░░░░░░░░░●                     fin 1 s · sleep 1 s
  fetch_user(2) │░░░░░░░░░░░░░░░░░░░●                     fin 1 s · sleep 1 s

│ █ ejecuta   ░ espera: sleep   ─ espera a otra tarea
Tu solución tarda 1 s más que Esperado."""

CROWD = """\
total 3.1 s · 301 tareas · esperan 30.1 s entre todas
              0 s                                 3.1 s
bucle         │  │  │  │  │  │  │  │   │  │  │  │  │
main          │──────────────────────────────────────●  fin 3 s · TaskGroup
request × 300 ███████████████████████████████████████▁  máx. 10 en vuelo · todas terminan · 3.1 s
│ █ ejecuta   ▁▄█ cuántas a la vez"""

SCOPES = """\
total 3 s · 1 tarea
        0 s                                   3 s
bucle   │            │             │            │
main    │╌╌╌╌╌╌╌╌╌╌╌╌│░░░░░░░░░░░░░│────────────● fin 3 s · límite 5 s · límite 1 s vencido · sleep…
  pages │≈≈≈≈≈≈≈≈≈≈≈≈                             fetch(1) 1 s
│ █ ejecuta   ░ espera: sleep   ≈ espera: E/S   ─ espera a otra tarea   ╌ espera al generador"""


def text(data: samples.Data) -> str:
    return Timeline.from_dict(data).text()


def test_a_run_is_a_line_for_each_task():
    assert text(samples.concurrent()) == CONCURRENT


def test_states_and_ends_are_seen_without_colour():
    assert text(samples.seven()) == SEVEN


def test_two_runs_share_one_axis():
    left, right = Timeline.from_dict(samples.sequential()), Timeline.from_dict(samples.concurrent())

    assert compare(left, right).text() == COMPARED


def test_a_crowd_is_told_as_groups_with_their_peak():
    data = samples.crowd(300)
    data["tasks"][-1]["waits"][-1]["end"] = data["tasks"][-1]["end"] = data["end"] = 3.1

    assert text(data) == CROWD


def test_scopes_and_generators_are_told():
    assert text(samples.scopes()) == SCOPES


def test_a_task_that_nobody_held_disappears():
    data = samples.timeline(
        samples.sleeper(0, "main", 2.0), samples.sleeper(1, "lost", 1.0, state="collected")
    )

    assert "○" in text(data)
    assert "desaparece 1 s" in text(data)


def test_many_equal_tasks_are_one_row():
    tasks = [samples.sleeper(number, f"beat-{number}", 1.0) for number in range(1, 7)]
    lines = text(samples.timeline(samples.sleeper(0, "main", 1.0), *tasks)).splitlines()

    assert lines[0].startswith("total 1 s · 7 tareas")
    assert [line.split("│")[0].strip() for line in lines[3:-1]] == ["main", "beat × 6"]


def test_four_equal_tasks_have_a_row_each():
    tasks = [samples.sleeper(number, f"beat-{number}", 1.0) for number in range(1, 5)]

    assert "beat-4" in text(samples.timeline(samples.sleeper(0, "main", 1.0), *tasks))


def test_a_stuck_task_says_for_what_and_on_which_line():
    lines = [line for line in text(samples.deadlock()).splitlines() if "►" in line]

    assert [line[line.index("►") :].partition(" · ")[0] for line in lines] == [
        "► atascada: TaskGroup, línea 3",
        "► atascada: queue.get, línea 10",
        "► atascada: queue.get, línea 10",
    ]


def test_what_was_expected_stands_in_the_headline():
    timeline = Timeline.from_dict(samples.sequential())

    headlines = [timeline.expecting(end).text().partition(" · ")[0] for end in (1.0, 2.0, 5.0)]

    assert headlines == [
        "total 2 s (esperado 1 s: +1 s)",
        "total 2 s (esperado 2 s)",
        "total 2 s (esperado 5 s: −3 s)",
    ]


@pytest.mark.parametrize("name", EVERY)
def test_a_line_has_at_most_one_hundred_columns(name):
    for line in text(EVERY[name]).splitlines():
        assert len(line) <= 100


@pytest.mark.parametrize("name", EVERY)
def test_the_text_comes_with_the_picture(name):
    timeline = Timeline.from_dict(EVERY[name])

    bundle = timeline._repr_mimebundle_()

    assert sorted(bundle) == ["text/html", "text/plain"]
    assert bundle["text/plain"] == timeline.text() == str(timeline)


def test_waits_that_do_not_overlap_are_not_added_up():
    data = samples.timeline(samples.task(0, "main", ("run", 0.0)))

    assert text(data).startswith("total 0 s · 1 tarea\n")
    assert text(samples.sequential()).startswith("total 2 s · 1 tarea\n")


def test_control_characters_of_a_name_do_not_reach_the_terminal():
    data = samples.timeline(samples.sleeper(0, "\x1b[2J\nrm", 1.0))

    assert "\x1b" not in text(data)
    assert "\ufffd[2J\ufffdrm" in text(data)


def test_clean_up_and_unstarted_coroutines_are_told():
    lines = text(samples.everything_else()).splitlines()

    assert "~" in next(line for line in lines if "limpia" in line)
    assert lines[-4].split("  ")[0] == "send_mail × 2"
    assert lines[-4].endswith("creada, nunca iniciada")


def test_the_summary_is_made_of_sentences_about_each_task():
    assert summary(model(samples.deadlock())) == (
        "Línea de tiempo: total 0.7 s · 5 tareas · esperan 2 s entre todas. "
        "main: espera TaskGroup de 0 s a 0.7 s; atascada: TaskGroup, línea 3. "
        "producer: espera queue.put ×3 de 0 s a 0.3 s; fin 0.3 s. "
        "consumer-0: espera sleep 0.1 s ×7 de 0 s a 0.7 s; atascada: queue.get, línea 10. "
        "consumer-1: espera sleep 0.1 s ×7 de 0 s a 0.7 s; atascada: queue.get, línea 10. "
        "consumer-2: espera sleep 0.1 s ×6 de 0 s a 0.6 s; fin 0.6 s."
    )


def test_the_summary_of_a_blocked_loop_names_the_line():
    assert "Bucle bloqueado de 0.102 s a 0.352 s, línea 8." in summary(model(samples.seven()))


def test_the_summary_of_a_crowd_is_short():
    told = summary(model(samples.crowd(1000)))

    assert "request × 1000: máx. 10 en vuelo · todas terminan · 10 s." in told
    assert len(told) < 300


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "0 s"),
        (1.0, "1 s"),
        (16.497, "16.5 s"),
        (2.0000000000000004, "2 s"),
        (0.9999999999, "1 s"),
        (0.7, "0.7 s"),
        (0.1, "0.1 s"),
        (0.0999, "99.9 ms"),
        (0.078091, "78.1 ms"),
        (0.00025, "250 µs"),
        (1 / 3, "0.333 s"),
        (3600.0, "3600 s"),
        (3725.4, "3725 s"),
        (0.00001234, "12.3 µs"),
    ],
)
def test_times_have_at_most_three_significant_digits(seconds, shown):
    assert duration(seconds) == shown
