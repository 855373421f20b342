def _names(run):
    if len(run["unstarted"]):
        yield "nunca-iniciada"
    if len(run["blocked"]):
        yield "bloquea-el-bucle"
    whats = [w["what"] for t in run["tasks"] for w in t["waits"]]
    yield from ("excepción-sin-recoger" for t in run["tasks"] if t["state"] == "failed" and t["name"] not in whats)
    yield from ("perdida" for t in run["tasks"] if t["state"] == "pending")
    yield from ("nunca-cede" for t in run["tasks"] if t["state"] == "done" and len(t["waits"]) < 1)
    yield "sana"

def diagnose(run):
    return next(_names(run))
