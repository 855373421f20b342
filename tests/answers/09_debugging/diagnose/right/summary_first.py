def diagnose(run: dict) -> str:
    awaited, summary = set(), set()
    for task in run["tasks"]:
        awaited |= {wait["what"] for wait in task["waits"]}
    for task in run["tasks"]:
        if task["state"] == "failed" and task["name"] not in awaited:
            summary.add("excepción-sin-recoger")
        elif task["state"] == "pending":
            summary.add("perdida")
        elif task["state"] == "done" and not task["waits"]:
            summary.add("nunca-cede")
    if run["blocked"]:
        summary.add("bloquea-el-bucle")
    if run["unstarted"]:
        summary.add("nunca-iniciada")
    order = ["nunca-iniciada", "bloquea-el-bucle", "excepción-sin-recoger", "perdida", "nunca-cede"]
    return next((name for name in order if name in summary), "sana")
