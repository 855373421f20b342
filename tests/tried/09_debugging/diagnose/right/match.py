def diagnose(run: dict) -> str:
    tasks = run["tasks"]
    waits = set()
    for t in tasks:
        waits.update(w["what"] for w in t["waits"])
    found = {"sana"}
    for t in tasks:
        match t:
            case {"state": "failed", "name": name} if name not in waits:
                found.add("excepción-sin-recoger")
            case {"state": "pending"}:
                found.add("perdida")
            case {"state": "done", "waits": []}:
                found.add("nunca-cede")
    if run["blocked"]: found.add("bloquea-el-bucle")
    if run["unstarted"]: found.add("nunca-iniciada")
    for name in ("nunca-iniciada", "bloquea-el-bucle", "excepción-sin-recoger", "perdida", "nunca-cede", "sana"):
        if name in found:
            return name
