"""Pages of feedback in a real browser, offline: nothing runs, nothing is asked for, nothing overflows."""

import pytest
from hostile_page import ATTACKS, everywhere

from grader.classroom.feedback import graded, refused

WATCH = """
    window.seen = [];
    addEventListener('securitypolicyviolation', event => seen.push(event.violatedDirective));
    addEventListener('error', event => event.message && seen.push(event.message), true);
"""


@pytest.fixture(params=["light", "dark"])
def window(request, browser):
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, color_scheme=request.param, offline=True
    )
    context.add_init_script(WATCH)
    yield context
    context.close()


def show(window, tmp_path, text):
    """Open a page; return it with all that it asked for, said and opened."""
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf-8")
    page, events = window.new_page(), []
    page.on("request", lambda request: events.append(request.url))
    page.on("console", lambda message: events.append(message.text))
    page.on("dialog", lambda dialog: events.append(dialog.message))
    page.on("pageerror", lambda error: events.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_load_state("networkidle")
    return page, [
        event for event in events if event != path.as_uri() and not event.startswith("data:image/svg")
    ]


@pytest.mark.parametrize("window", ["light"], indirect=True)
@pytest.mark.parametrize("attack", range(len(ATTACKS)))
def test_nothing_runs_and_nothing_is_asked_for(window, tmp_path, attack):
    page, events = show(window, tmp_path, graded(everywhere(ATTACKS[attack])))

    assert events == []
    assert page.evaluate("seen") == []
    assert page.title() != "owned"
    assert page.evaluate("document.scripts.length + document.forms.length + frames.length") == 0
    assert page.evaluate("document.images[0].naturalWidth") > 0  # a drawing is shown, whatever is in it


def test_the_watch_sees_what_would_run_and_what_would_be_asked_for(window, tmp_path):
    text = graded(everywhere("x")).replace(
        "</main>", "<img src='http://127.0.0.1:9/x'><script>1</script></main>"
    )
    page, events = show(window, tmp_path, text)

    page.wait_for_function("seen.includes('img-src') && seen.includes('script-src-elem')")
    assert any("127.0.0.1" in event for event in events)


@pytest.mark.parametrize("kind", ["graded", "refused"])
def test_a_page_fits_a_phone_and_is_legible_in_both_themes(window, tmp_path, kind, screenshots):
    long = "palabra" * 40
    text = graded(everywhere(long)) if kind == "graded" else refused(long, long, f"{long}: {long}")
    page, _ = show(window, tmp_path, text)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    ink, paper = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert {ink, paper} in (
        {"rgb(27, 27, 31)", "rgb(255, 255, 255)"},
        {"rgb(233, 233, 238)", "rgb(22, 22, 26)"},
    )
    if screenshots:
        screenshots.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=screenshots / f"feedback-{kind}-{ink[4:7].strip(',')}.png", full_page=True)
