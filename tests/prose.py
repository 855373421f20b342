"""The Spanish that people read in a notebook or a program, without the code and the quotations around it."""

import ast
import io
import re
import subprocess
import tokenize
import tomllib

from grader.cli.bootstrap import ROOT
from grader.judge.cells import parse

GLOSSARY = tomllib.loads((ROOT / "solutions" / "glossary.toml").read_text(encoding="utf-8"))["term"]
FORBIDDEN = sorted({stem for term in GLOSSARY for stem in term.get("no", ())})
_FORBIDDEN = re.compile("|".join(FORBIDDEN) + r"|(?<!cor)(?<!co)rutina", re.IGNORECASE)
_CODE = re.compile(
    r"^ *```.*?^ *```|<code>.*?</code>|`[^`\n]*`|^ *>.*?$|<[^>]+>|\]\([^)]*\)|https?://\S+",
    re.DOTALL | re.MULTILINE,
)
_FOREIGN = re.compile(r"(?<![*\w])\*(?!\*)[^*\n]+\*(?!\*)")  # *event loop*: words of another language
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\ufe0f\u231a\u231b\u23e9-\u23f3\u2600-\u2604\u2614\u2615\u2648-\u2653\u26a0\u26a1"
    "\u2705\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u2b50\u2b55]"
)
_DIRECTIVE = re.compile(r"# (?:noqa|type:|ruff:|cause:|fails:)|###")


def of_markdown(text):
    """A markdown text without code, quotations, tags and addresses."""
    return _CODE.sub(" ", text)


def of_python(source):
    """What people read in a cell of Python or JavaScript: comments, docstrings, and the texts of its checks."""
    if source.lstrip().startswith("%%"):
        return " ".join(re.findall(r"^ *// (.*)$", source, re.MULTILINE))
    texts = []
    tree = parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            texts.append(ast.get_docstring(node) or "")
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "expect":
            texts += _texts([*node.args, *(word.value for word in node.keywords if word.arg == "hint")])
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Cause":
            texts += _texts(node.args[:1])
    return "\n".join(map(of_markdown, [*texts, *_comments(source)]))


def _comments(source):
    plain = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
    tokens = tokenize.generate_tokens(io.StringIO(plain).readline)
    comments = (token.string for token in tokens if token.type == tokenize.COMMENT)
    return [comment.lstrip("# ") for comment in comments if not _DIRECTIVE.match(comment)]


def _texts(nodes):
    """The strings of expressions."""
    leaves = (leaf for node in nodes for leaf in ast.walk(node))
    return [leaf.value for leaf in leaves if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)]


def of_notebook(notebook):
    """(cell id, prose) of each cell; what a code cell says of the notebook's own names is not prose."""
    names = set().union(*(_names(cell.source) for cell in notebook.cells if cell.cell_type == "code"))
    own = (
        re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(names))) + r")\b")
        if names
        else re.compile("(?!)")
    )
    texts = {"markdown": of_markdown, "code": lambda source: own.sub(" ", of_python(source))}
    return [(cell.id, texts[cell.cell_type](cell.source)) for cell in notebook.cells]


def _names(source):
    nodes = list(ast.walk(parse(source)))
    found = [getattr(node, key, None) for node in nodes for key in ("id", "name", "arg", "attr")]
    keywords = {"await", "async"} if any(isinstance(node, ast.Await) for node in nodes) else set()
    return {name for name in found if isinstance(name, str)} | keywords


def of_module(source):
    """The strings of one of our own modules: what it shows to students is among them."""
    return "\n".join(map(of_markdown, _texts([ast.parse(source)])))


def forbidden(text):
    """The words of `text` that the glossary forbids."""
    return [match[0] for match in _FORBIDDEN.finditer(text)]


def emoji(text):
    return _EMOJI.findall(text)


def words(text):
    """The plain words of `text`: no names of code, no words marked as foreign, nothing with digits or inner capitals."""
    tokens = re.findall(r"[\w@./-]*\w\b(?!\()", _FOREIGN.sub(" ", text))
    parts = (part for token in tokens if not re.search(r"[\d_@./]", token) for part in token.split("-"))
    return {
        part for part in parts if len(part) > 1 and part.isalpha() and not re.search(r"\w[A-ZÁÉÍÓÚÑ]", part)
    }


def misspelt(found):
    """Those of the words `found` that the Spanish dictionary does not know. Needs hunspell and its es_ES."""
    command = ["hunspell", "-d", "es_ES", "-i", "utf-8", "-l"]
    done = subprocess.run(
        command, input="\n".join(sorted(found)), capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())
