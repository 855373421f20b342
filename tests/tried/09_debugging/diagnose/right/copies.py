from copy import deepcopy
def diagnose(run):
    run = deepcopy(run)
    name = "sana"
    whats = {w.get("what") for t in run["tasks"] for w in t["waits"]}
    while run["tasks"]:
        t = run["tasks"].pop()
        if t["state"] == "done" and not t["waits"] and name == "sana":
            name = "nunca-cede"
        if t["state"] == "pending" and name in ("sana", "nunca-cede"):
            name = "perdida"
        if t["state"] == "failed" and t["name"] not in whats:
            name = "excepción-sin-recoger"
    if run["blocked"]:
        name = "bloquea-el-bucle"
    return "nunca-iniciada" if run["unstarted"] else name
