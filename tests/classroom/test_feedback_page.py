"""A page of feedback: what it says, and that whatever a student wrote is text on it."""

import base64
import itertools
import re

import pytest
from hostile_page import ATTACKS, Strangers, everywhere, strangers
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.feedback import CSP, Check, Exercise, Picture, Report, graded, refused

SVG = '<svg xmlns="http://www.w3.org/2000/svg" aria-label="Dura 3 s: &lt;a&gt; y b." viewBox="0 0 9 9"><path/></svg>'


def texts(page):
    parser = Strangers()
    parser.feed(page)
    return " ".join(" ".join(parser.texts).split())


def sample(**changes):
    checks = [
        Check("✓ 1.1 fetch_all — a la vez", 2, 2, said=["✓ 1.1 fetch_all — sin usuarios"]),
        Check("✗ 1.1 fetch_all — en orden", 1, 0, "  Obtuve: 6 s\n    más", [], [Picture(SVG, "main ████")]),
    ]
    core = Exercise("1.1 fetch_all", "async def fetch_all(): ...\n", checks, "Casi.")
    reto = Exercise("Reto round_trip", "", [Check("✓ Reto", 2, 2)], extra=True)
    return Report("01 · Corrutinas", "ana", [core, reto], **changes)


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_a_student_wrote_is_text(attack):
    for page in (
        graded(everywhere(attack)),
        refused(attack, attack, f"{attack}: {attack}"),
        refused(attack, attack, attack),
    ):
        assert strangers(page) == []


@given(st.text())
def test_any_text_is_text(text):
    assert strangers(graded(everywhere(text))) == []
    graded(everywhere(text)).encode()


def test_the_list_of_what_a_page_may_hold_finds_what_it_may_not():
    page = graded(sample()).replace(
        "</main>", "<script>1</script><a href='mailto:x'>x</a><p onclick='x'></main>"
    )

    assert strangers(page)[:4] == [("script", []), ("a", "mailto:x"), ("p", ["onclick"]), "</main>"]


def test_a_page_forbids_scripts_addresses_and_forms_to_the_browser():
    page = graded(sample())

    assert f'<meta http-equiv="Content-Security-Policy" content="{CSP}">' in page
    assert page.index("Content-Security-Policy") < page.index("<style>")
    assert "default-src 'none'" in CSP


def test_it_begins_with_the_points_and_a_reto_is_extra():
    page = texts(graded(sample()))

    assert "01 · Corrutinas Entrega de ana 2 de 3 puntos y 2 extra" in page
    assert "1.1 fetch_all 2 de 3 Reto round_trip 2 de 2 extra" in page


def test_a_late_submission_loses_points_and_is_told_so():
    page = texts(graded(sample(late=1.5)))

    assert "0.5 de 3 puntos" in page
    assert "Descuento por entregar tarde: 1.5." in page
    assert "0 de 3 puntos y 1 extra" in texts(graded(sample(late=3)))
    assert "0 de 3 puntos Descuento" in texts(graded(sample(late=4)))


def test_what_has_no_mark_yet_is_no_zero():
    words = Exercise("Nota de diseño", "Porque sí.", [Check("", 4, None)], code=False)
    page = texts(graded(Report("11", "ana", [words])))

    assert "Nota de diseño · sin nota" in page
    assert "el total puede subir" in page
    assert "Tu respuesta Porque sí." in page


def test_a_failed_check_has_its_message_and_its_picture():
    page = graded(sample())
    image = base64.b64decode(re.search(r"base64,([^\"]+)", page)[1]).decode()

    assert "Obtuve: 6 s\n  más</pre>" in page
    assert '<img alt="Dura 3 s: &lt;a&gt; y b." src="data:image/svg+xml;base64,' in page
    assert image.startswith(SVG.partition(">")[0])
    assert "prefers-color-scheme:dark" in image
    assert "main ████" in texts(page)


@pytest.mark.parametrize("svg", ["", "<svg ", "<img src=x>", "<svg " + "x" * 2_000_000 + ">"])
def test_what_is_no_drawing_of_ours_is_left_out_and_its_text_stays(svg):
    check = Check("✗ x", 1, 0, "", [], [Picture(svg, "main ████")])
    page = graded(Report("01", "ana", [Exercise("1.1", "", [check])]))

    assert "<img" not in page
    assert "main ████" in page


def test_an_answer_that_is_not_there_is_said_so():
    assert "Tu código Sin respuesta." in texts(graded(sample()))


def test_headings_go_down_one_step_at_a_time():
    levels = [int(level) for level in re.findall(r"<h(\d)", graded(sample()))]

    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


def test_a_refused_submission_is_told_why_and_what_to_do():
    page = texts(
        refused("01 · Corrutinas", "ana", "se llama «a: b.ipynb»; debe llamarse c.ipynb: cámbiale el nombre")
    )

    assert "No se puede calificar No es un 0" in page
    assert "Por qué Se llama «a: b.ipynb»; debe llamarse c.ipynb." in page
    assert "Qué hacer Cámbiale el nombre, y entrega otra vez." in page
