def _forgotten(run):
    return bool(run["unstarted"])


def _blocked(run):
    return len(run["blocked"]) > 0


def _uncollected(run):
    waits = [wait["what"] for task in run["tasks"] for wait in task["waits"]]
    return any(task["state"] == "failed" and waits.count(task["name"]) == 0 for task in run["tasks"])


def _lost(run):
    return "pending" in [task["state"] for task in run["tasks"]]


def _never_yields(run):
    return any(task["state"] == "done" and task["waits"] == [] for task in run["tasks"])


RULES = {
    "nunca-iniciada": _forgotten,
    "bloquea-el-bucle": _blocked,
    "excepción-sin-recoger": _uncollected,
    "perdida": _lost,
    "nunca-cede": _never_yields,
}


def diagnose(run: dict) -> str:
    return next((name for name, holds in RULES.items() if holds(run)), "sana")
