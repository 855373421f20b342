# cause: M10
# fails: test_diagnose_b
def diagnose(run: dict) -> str:
    waits = [wait for task in run["tasks"] for wait in task["waits"]]
    awaited = {wait["what"] for wait in waits}
    if run["unstarted"]:
        return "nunca-iniciada"
    if run["blocked"] or any(wait["end"] is not None and wait["end"] - wait["start"] > 10 for wait in waits):
        return "bloquea-el-bucle"
    if any(task["state"] == "failed" and task["name"] not in awaited for task in run["tasks"]):
        return "excepción-sin-recoger"
    if any(task["state"] == "pending" for task in run["tasks"]):
        return "perdida"
    if any(task["state"] == "done" and not task["waits"] for task in run["tasks"]):
        return "nunca-cede"
    return "sana"
