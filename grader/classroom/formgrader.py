"""What nbgrader's formgrader shows of a student: text that cannot run, ask for anything or lead anywhere.

nbgrader_config.py names `Plain`, `markdown`, `code` and `guarded` for the page of a submission;
`python3 -m grader lab --instructor` loads the module as an extension of its server, for the other pages.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from jinja2 import pass_context
from mistune.plugins import import_plugin
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from pygments.token import STANDARD_TYPES
from traitlets import Bool

from grader.judge.submission import MAX_PROSE, written

TAGS = [
    *(
        "b",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
    ),
    *("h5", "h6", "hr", "i", "kbd", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "summary", "sup"),
    *("table", "tbody", "td", "th", "thead", "tr", "u", "ul"),
]
PLUGINS = [
    name for name in MarkdownWithMath.DEFAULT_PLUGINS if name != "task_lists"
]  # which make input fields
MAX_SHOWN = 200_000  # characters of a text: no cell of a submission is longer
_CLASSES = {"highlight", *STANDARD_TYPES.values()}  # of highlighted code: others mean something to the page
_NAME = re.compile(r"[\w-]+", re.ASCII)  # as nbgrader has it for grade_ids
_NAMED = ("student", "first_name", "last_name", "assignment_id", "notebook_id", "notebook_path")
_DRAWINGS = ("image/svg+xml", "image/png", "image/jpeg")  # shown as <img>, where nothing in them can run


class Plain(Preprocessor):
    """First step of the page: a new notebook of the texts alone; names become HTML, which nbgrader forgets.

    Of notebooks that our own steps did not write, anything may be a student's: metadata, tags, attachments.
    """

    enabled = Bool(True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        nb.metadata = NotebookNode()
        nb.cells = [_plain(number, cell) for number, cell in enumerate(nb.cells)]
        names = {name: resources[name] for name in _NAMED if isinstance(resources.get(name), str)}
        return nb, resources | {name: html.escape(text) for name, text in names.items()}


def _plain(number: int, cell: NotebookNode) -> NotebookNode:
    marks = _marks(cell.metadata.get("nbgrader"))
    metadata = {"nbgrader": marks} if marks else {}
    if cell.cell_type == "code":
        outputs = [shown for output in cell.outputs for shown in _outputs(output)]
        fresh = new_code_cell(_text(cell.source), outputs=outputs, metadata=metadata)
    elif cell.cell_type == "markdown":
        fresh = new_markdown_cell(_text(written(cell)), metadata=metadata)
    else:
        fresh = new_code_cell(_text(cell.source), metadata=metadata)
    fresh.id = f"cell-{number}"
    result: NotebookNode = fresh
    return result


def _marks(marks: Any) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell; none if they are not as nbgrader writes them."""
    if not isinstance(marks, dict) or not _NAME.fullmatch(str(marks.get("grade_id"))):
        return {}
    kinds = {name: marks.get(name) is True for name in ("grade", "solution", "task", "locked")}
    points = marks.get("points")
    return kinds | {
        "grade_id": marks["grade_id"],
        "points": float(points) if isinstance(points, int | float) else 0.0,
    }


def _outputs(output: NotebookNode) -> Iterator[NotebookNode]:
    """Yield an output as text and drawings; what was meant for a browser comes out as text."""
    if output.output_type == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        yield new_output("stream", name=name, text=_text(output.text))
    elif output.output_type == "error":
        lines = _text("\n".join(output.traceback)).split("\n")
        yield new_output("error", ename="", evalue="", traceback=lines)
    else:
        data = output.get("data", {})
        kind = next((kind for kind in _DRAWINGS if _is_drawing(kind, data.get(kind))), "")
        if kind:
            yield new_output("display_data", data={kind: _whole(data[kind])})
        else:
            texts = (data[kind] for kind in ("text/plain", *data) if isinstance(data.get(kind), str))
            yield new_output("display_data", data={"text/plain": _text(next(texts, ""))})


def _is_drawing(kind: str, data: Any) -> bool:
    if not isinstance(data, str) or kind == "image/svg+xml":
        return isinstance(data, str)
    try:
        return bool(base64.b64decode("".join(data.split()), validate=True))
    except ValueError:
        return False


def _text(text: str) -> str:
    """Return a text that a page can hold: not too long, and without halves of characters."""
    return _whole(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}\n… (recortado)")


def _whole(text: str) -> str:
    """Return a text without halves of characters, controls, and signs that turn the order of what follows."""
    shown = text.encode("utf-8", "replace").decode()
    return re.sub(
        "[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "\N{REPLACEMENT CHARACTER}", shown
    )


class _Words(IPythonRenderer):
    """Markdown as HTML without addresses: where a link leads is told, and followed by nobody."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return text if url.endswith(text) else f"{text} ({html.escape(url)})"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return html.escape(f"![{html.unescape(text)}]({url})")

    def block_mermaidjs(self, code: str) -> str:
        drawn: str = self.block_code(code)
        return drawn


class _Answer(_Words):
    """As `_Words`, for what a student wrote: HTML in it is told as it stands."""

    def inline_html(self, html_: str) -> str:
        return html.escape(html_)

    def block_html(self, html_: str) -> str:
        return f"<p>{html.escape(html_)}</p>"


def _allowed(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return tag in ("div", "span") and set(value.split()) <= _CLASSES
    return name == "style" and tag in ("td", "th")  # whose text-align the cleaner leaves


_cleaner = SanitizeHTML(tags=TAGS, attributes=_allowed, styles=["text-align"])


@pass_context
def markdown(context: Any, text: str) -> str:
    """In the place of nbconvert's filter markdown2html: what Markdown may show, and the rest as text."""
    cell = context.get("cell") or {}
    answer = cell.get("metadata", {}).get("nbgrader", {}).get("solution") is True
    if len(text) > MAX_PROSE:
        return f"<pre>{html.escape(text)}</pre>"
    renderer = (_Answer if answer else _Words)(escape=False, exclude_anchor_links=True)
    try:
        drawn = MarkdownWithMath(renderer, plugins=map(import_plugin, PLUGINS)).render(text)
    except Exception:  # whatever the reader of Markdown stumbles over, the answer must be seen
        return f"<pre>{html.escape(text)}</pre>"
    clean: str = _cleaner.sanitize_html_tags(drawn)
    return clean


_highlighted = Highlight2HTML(pygments_lexer="ipython3")


def code(source: str, metadata: Any = None) -> str:
    """In the place of nbconvert's filter highlight_code, which takes minutes for some long texts."""
    if len(source) > MAX_PROSE:
        return f'<div class="highlight"><pre>{html.escape(source)}</pre></div>'
    drawn: str = _highlighted(source)
    return drawn


class _Scripts(HTMLParser):
    """Collects what nbgrader's own parts of a page run: scripts, handlers, and from where it loads more."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.rooms: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.texts += [value for name, value in values.items() if name.startswith("on")]
        if tag != "script":
            return
        parts = urlsplit(values.get("src", ""))
        if parts.netloc:
            self.rooms.append(f"{parts.scheme}://{parts.netloc}{parts.path.rsplit('/', 2)[0]}/")
        self._inside = "src" not in values
        self.texts += [""] * self._inside

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = False


def guarded(header: str, own: str, nav: str) -> str:
    """Return the head of a page with `own` in it, and a policy by which only scripts of these parts run.

    MathJax evaluates its settings; 'unsafe-eval' lets it, and no text of a student becomes code by it.
    """
    scripts = _Scripts()
    scripts.feed(own + header + nav)
    scripts.close()
    rooms = " ".join(dict.fromkeys(scripts.rooms))
    hashes = " ".join(f"'sha256-{_hash(text)}'" for text in dict.fromkeys(scripts.texts))
    policy = (
        f"default-src 'none'; script-src 'self' {rooms} 'unsafe-eval' 'unsafe-hashes' {hashes}; "
        f"connect-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' {rooms}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">'
    return header.replace("<head>", f"<head>\n{meta}\n{own}", 1)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Let nbgrader's lists escape the names that stand in their addresses."""
    # After the extension of nbgrader, whose name comes later in the alphabet.
    server.io_loop.add_callback(_escape_names, server.web_app.settings)


def _escape_names(settings: dict[str, Any]) -> None:
    if templates := settings.get("nbgrader_jinja2_env"):
        templates.autoescape = True
