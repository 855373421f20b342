"""What students write in words, in a form that every page shows and no page obeys."""

from __future__ import annotations

import re

MAX_PROSE = 20_000  # characters; a longer text is shown as it stands: to read it as Markdown may take long

# What Markdown hands on to a browser beyond words. It is looked for everywhere, in code too: what counts as
# code is answered differently by each program that reads Markdown.
_ACTIVE = re.compile(
    r"""<[A-Za-z/!?]             # a tag, a comment, an address in angle brackets
    | !\[                        # a picture
    | \]\((?!https?://)          # a link to anything but another machine
    | (?i:https?)://(?![\w-]+\.[\w.-]*[A-Za-z](?![\w.:@-]))  # this machine, or one without a name
    | \]:                        # where a link leads whose text stands elsewhere
    | (?:```|~~~)\s*mermaid
    | \\(?:bbox|class|cssId|data|def|href|html|let|mml|new|renew|require|style|unicode|url)  # beyond formulas
    """,
    re.VERBOSE,
)


def inert(text: str) -> str:
    """Return Markdown that shows `text` and does nothing else, whichever program draws it.

    That is `text` itself while it has nothing but words, lists, tables, code, formulas and links to other
    machines; otherwise a block of code that holds it letter by letter.
    """
    if len(text) <= MAX_PROSE and not _ACTIVE.search(text):
        return text
    # Indented, because a fence could be closed by what stands in it.
    lines = re.split(r"\r\n|\r|\n", text)
    return "\n".join(f"    {line}" if line else "" for line in lines)
