RULES = (
    ("nunca-iniciada", lambda run: run["unstarted"]),
    ("bloquea-el-bucle", lambda run: run["blocked"]),
    ("excepción-sin-recoger", lambda run: {t["name"] for t in run["tasks"] if t["state"] == "failed"} - {w["what"] for t in run["tasks"] for w in t["waits"]}),
    ("perdida", lambda run: [t for t in run["tasks"] if t["state"] == "pending"]),
    ("nunca-cede", lambda run: [t for t in run["tasks"] if t["state"] == "done" and not t["waits"]]),
)
diagnose = lambda run: ([name for name, rule in RULES if rule(run)] + ["sana"])[0]
