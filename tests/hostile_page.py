"""What hostile submissions try to put into a page of feedback, and what a page may hold."""

from html.parser import HTMLParser

from grader.classroom.feedback_page import Check, Exercise, Picture, Report

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

ATTACKS = [
    "<script>document.title = 'owned'</script>",
    "</pre></style></title></textarea><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<a href='javascript:alert(1)'>nota</a>",
    "[nota](javascript:alert(1)) ![x](http://127.0.0.1:9/x.png)",
    "<form action='http://127.0.0.1:9/'><input name=password><button>Entrar</button></form>",
    "<svg onload=alert(1)><foreignObject><iframe src='javascript:alert(1)'></iframe></foreignObject></svg>",
    "<meta http-equiv=refresh content='0; url=http://127.0.0.1:9/'><base href='http://127.0.0.1:9/'>",
    "<link rel=stylesheet href='http://127.0.0.1:9/x.css'><style>@import 'http://127.0.0.1:9/x.css';</style>",
    "<!-- <![CDATA[ ]]> --> &lt;script&gt; &#x3c;script> {{ 7*7 }} {% raw %} \x00\x1b[31m\x7f \u202e",
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
