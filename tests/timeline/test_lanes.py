"""What the lanes of a timeline tell: facts of the model that the picture and the text share."""

import samples
from samples import svg, words

from grader.timeline.model import groups, in_flight, model, peaks, ticks
from grader.timeline.text import summary, summary_of_two
from grader.timeline.text import text as text_of


def states(data: samples.Data, name: str) -> list[tuple[str, float, float]]:
    row = next(row for row in model(data).rows if row.label == name)
    return [(bar.state, bar.start, bar.end) for bar in row.bars if bar.end > bar.start]


# --- what is drawn


def test_steps_of_no_length_are_ticks():
    assert ticks([(0.0, 0.0), (50.0, 50.0), (100.0, 100.0)], 2.4) == [
        [0.0, 2.4],
        [50.0, 52.4],
        [100.0, 102.4],
    ]


def test_crowded_steps_stay_a_fence_while_the_loop_is_idle():
    idle = ticks([(place / 10, place / 10) for place in range(1000)], 1.0)
    busy = ticks([(place / 10, place / 10 + 0.1) for place in range(1000)], 1.0)

    assert sum(right - left for left, right in idle) < 40
    assert sum(right - left for left, right in busy) > 99


def test_an_overslept_timer_waits_for_its_turn_after_the_alarm():
    data = samples.timeline(samples.sleeper(0, "main", 1.0))
    data["tasks"][0]["waits"][0]["due"] = 0.4

    assert states(data, "main") == [("sleep", 0.0, 0.4), ("ready", 0.4, 1.0)]


def test_time_in_the_queue_is_drawn():
    data = samples.timeline(samples.task(0, "main", ("ready", 0.25), ("run", 0.5)))

    assert states(data, "main") == [("ready", 0.0, 0.25), ("run", 0.25, 0.75)]


def test_a_wait_for_a_thread_is_split_where_a_thread_was_free():
    assert states(samples.everything_else(), "resize(b)") == [("pool", 0.0, 1.0), ("thread", 1.0, 1.8)]


def test_waits_after_a_cancellation_are_clean_up():
    data = samples.everything_else()

    assert states(data, "limpia") == [("sleep", 0.0, 0.7), ("cleanup", 0.7, 1.3)]
    assert {"limpieza: sleep 0.6 s", "cancelada", "limpieza tras cancelar"} <= set(words(svg(data)))


def test_a_cancellation_that_the_reader_asks_for_has_a_pin():
    asked = samples.timeline(samples.sleeper(0, "main", 1.0, 1.0, cancels=[1.0]))

    assert words(svg(asked))[-1] == "piden cancelarla"
    assert "piden cancelarla en 1 s; fin 2 s" in summary(model(asked))
    assert "piden cancelarla" not in words(svg(samples.concurrent()))


def test_a_cancellation_by_asyncio_has_a_pin_where_the_end_does_not_tell_it():
    def cancels(state):
        asked = samples.sleeper(0, "main", 1.0, 1.0, aborts=[1.0, 2.0], state=state)
        return model(samples.timeline(asked)).rows[0].cancels

    assert cancels("cancelled") == (1.0,)
    assert cancels("done") == (1.0, 2.0)


def test_on_a_real_clock_a_task_that_stops_a_moment_later_stops_at_once():
    asked = samples.sleeper(0, "main", 2.0, aborts=[1.999], state="cancelled")

    assert model(samples.timeline(asked, clock="real")).rows[0].cancels == ()
    assert model(samples.timeline(asked)).rows[0].cancels == (1.999,)


def test_some_per_cent_of_difference_mean_nothing_on_real_clocks():
    def ends(*seconds):
        runs = (samples.timeline(samples.sleeper(0, "main", end), clock="real") for end in seconds)
        return [(title, model(run)) for title, run in zip(("Node", "Python"), runs, strict=True)]

    assert "tardan lo mismo" in summary_of_two(*ends(0.81, 0.84))
    assert "Python tarda 0.14 s más que Node" in summary_of_two(*ends(0.81, 0.95))


def test_a_timeout_that_was_caught_is_no_clean_up():
    data = samples.timeline(samples.sleeper(0, "main", 1.0, 1.0))
    data["tasks"][0].update(cancels=[1.0], cleaning=1.0)

    assert states(data, "main") == [("sleep", 0.0, 1.0), ("sleep", 1.0, 2.0)]


def test_a_blocked_loop_is_named_with_its_line():
    drawn = words(svg(samples.seven()))

    assert "bucle bloqueado 0.25 s · línea 8" in drawn
    assert ("blocked", 0.102, 0.352) in states(samples.seven(), "bloqueante")


def test_the_line_of_a_block_too_short_for_text_stands_in_the_legend():
    data = samples.timeline(
        samples.sleeper(0, "main", 10.0), blocked=[{"start": 1.0, "end": 1.05, "task": 0, "line": 7}]
    )

    assert "bucle bloqueado (línea 7)" in words(svg(data))


def test_the_legend_explains_the_states_that_occur_and_no_other():
    drawn = words(svg(samples.concurrent()))

    assert drawn[-4:] == ["ejecuta", "espera: sleep", "espera a otra tarea", "termina"]


def test_a_state_too_short_to_be_seen_is_not_in_the_legend():
    data = samples.timeline(samples.task(0, "main", ("ready", 0.0001), ("run", 1.0)), clock="real")

    assert words(svg(data))[-2:] == ["ejecuta", "termina"]


def test_services_look_like_the_network_and_carry_their_call():
    data = samples.everything_else()

    assert states(data, "fetch_one #1") == [("net", 0.0, 1.5)]
    assert "fetch(1)" in words(svg(data))


def test_hidden_tasks_are_not_drawn():
    drawn = svg(samples.everything_else())

    assert "connect" not in drawn
    assert "total 2 s · 7 tareas" in drawn


def test_children_of_a_hidden_task_move_up():
    hidden = samples.sleeper(1, "anyio", 1.0, hidden=True)
    data = samples.timeline(
        samples.sleeper(0, "main", 1.0), hidden, samples.sleeper(2, "leaf", 1.0, parent=1)
    )

    assert [(row.label, row.depth) for row in model(data).rows] == [("main", 0), ("leaf", 1)]


def test_rows_are_in_depth_first_order():
    data = samples.timeline(
        samples.sleeper(0, "main", 1.0),
        samples.sleeper(1, "a", 1.0),
        samples.sleeper(2, "b", 1.0),
        samples.sleeper(3, "a-child", 1.0, parent=1),
    )

    assert [(row.label, row.depth, row.parent) for row in model(data).rows] == [
        ("main", 0, None),
        ("a", 1, 0),
        ("a-child", 2, 1),
        ("b", 1, 0),
    ]


def test_default_names_give_way_to_the_coroutine():
    data = samples.timeline(
        samples.sleeper(0, "Task-3", 1.0),
        samples.sleeper(1, "Task-9", 1.0, coro="load.<locals>.fetch"),
        samples.sleeper(2, "Task-4", 1.0, coro="fetch"),
        samples.sleeper(3, "Task-5", 1.0, coro="once"),
    )
    data["tasks"][0]["waits"][0] |= {"kind": "task", "what": "Task-5"}

    assert [row.label for row in model(data).rows] == ["main", "fetch #1", "fetch #2", "once"]
    assert model(data).rows[0].bars[0].what == "once"


def test_what_was_created_and_never_started_is_a_hollow_row():
    drawn = words(svg(samples.everything_else()))

    assert {"send_mail × 2", "creada, nunca iniciada"} <= set(drawn)


def test_stuck_tasks_say_what_they_wait_for():
    drawn = words(svg(samples.deadlock()))

    assert drawn.count("atascada: queue.get") == 2
    assert "atascada: TaskGroup" in drawn


def test_threads_have_lanes_of_their_own():
    data = samples.everything_else()
    data["threads"][1] |= {"started": 0.5}

    drawn = words(svg(data))

    assert "2 hilos" in drawn
    assert drawn.count("resize") == 2


def in_processes(*times):
    """Two tasks that wait for calls in processes; times: when each call began, None for never."""
    data = samples.everything_else()
    for row, started in zip(data["threads"], times, strict=True):
        row |= {"kind": "process", "started": started}
    return data


def test_processes_are_not_called_threads():
    drawn = words(svg(in_processes(0.0, 0.5)))
    told = text_of(model(in_processes(0.0, 0.5)))

    assert "2 procesos" in drawn
    assert "espera: proceso" in drawn
    assert "hilo" not in " ".join(drawn) + told
    assert "2 procesos" in told
    assert "≡ espera: proceso" in told


def test_a_call_that_queues_for_a_process_is_not_drawn_as_working():
    data = in_processes(0.0, 1.0)

    assert states(data, "resize(b)") == [("process-pool", 0.0, 1.0), ("process", 1.0, 1.8)]
    assert "proceso" in words(svg(data))
    assert [(bar.start, bar.end) for bar in model(data).jobs] == [(0.0, 1.0), (1.0, 1.8)]


def test_a_call_that_never_left_its_queue_has_no_lane():
    data = in_processes(0.0, None)

    assert [(bar.start, bar.end) for bar in model(data).jobs] == [(0.0, 1.0)]


def test_threads_and_processes_have_lanes_of_their_own():
    data = in_processes(0.0, 1.0)
    data["threads"][0]["kind"] = "thread"

    assert {"hilo", "proceso"} <= set(words(svg(data)))


def test_threads_of_hidden_tasks_have_no_lane():
    data = samples.everything_else()
    data["threads"] = [{"func": "getaddrinfo", "task": 6, "submitted": 0.5, "started": 0.5, "ended": 1.0}]

    assert "hilo" not in words(svg(data))


def test_a_run_of_node_is_drawn_alike():
    promise = samples.task(
        1, "fetch(1)", ("run", 0.0), ("wait", "future", "pendiente", 1.0), ("run", 0.0), coro=""
    )
    data = samples.timeline(
        samples.task(0, "main", ("run", 0.0), ("wait", "task", "promesas", 1.0)), promise, clock="node"
    )

    drawn = words(svg(data))

    assert {"Node", "promesa pendiente", "pendiente"} <= set(drawn)
    assert "bucle" not in drawn
    assert "total 1 s · 2 tareas" in drawn


def test_node_is_seen_to_work_where_no_promise_tells_of_it():
    data = samples.timeline(samples.sleeper(0, "main", 2.0), clock="node", busy=[[0.5, 1.5]])

    assert (0.5, 1.5) in model(data).runs


# --- many tasks


def test_a_crowd_is_drawn_in_groups_with_its_peak():
    drawn = words(svg(samples.crowd(1000)))

    assert {"main", "request × 1000", "en vuelo", "máx. 10"} <= set(drawn)
    assert "request-1" not in drawn


def test_sixty_tasks_still_have_a_row_each():
    assert "request-59" in words(svg(samples.crowd(59)))
    assert "request-60" not in words(svg(samples.crowd(60)))


def test_the_curve_has_no_dip_where_one_ends_and_the_next_begins():
    steps = in_flight(model(samples.crowd(1000)).rows)

    assert steps == [(0.0, 10), (10.0, 0)]
    assert set(peaks(steps, 10.0, 700)) == {10}


def test_dips_shorter_than_a_cell_do_not_show():
    steps = [(0.0, 3), (0.5001, 2), (0.5002, 3), (1.0, 0)]

    assert peaks(steps, 1.0, 10) == [3] * 10


def test_groups_are_made_by_name_without_number():
    rows = [samples.sleeper(n, name, 1.0) for n, name in enumerate(["GET /7", "a-1", "a-2", "b(3)", "main"])]

    found = groups(model(samples.timeline(*rows)).rows)

    assert [(name, len(members)) for name, members in found] == [("GET", 1), ("a", 2), ("b", 1), ("main", 1)]


def test_a_group_tells_how_many_did_not_end_well():
    data = samples.crowd(100)
    for task in data["tasks"][1:4]:
        task |= {"state": "failed", "error": "ValueError"}

    for task in data["tasks"][4:6]:
        task |= {"state": "cancelled"}

    assert "3 ValueError · 2 canceladas" in words(svg(data))
