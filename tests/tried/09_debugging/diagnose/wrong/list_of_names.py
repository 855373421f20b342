# cause: un solo nombre
def diagnose(run: dict) -> str:
    awaited = {wait["what"] for task in run["tasks"] for wait in task["waits"]}
    if run["unstarted"]:
        return "nunca-iniciada"
    if run["blocked"]:
        return "bloquea-el-bucle"
    if any(task["state"] == "failed" and task["name"] not in awaited for task in run["tasks"]):
        return "excepción-sin-recoger"
    if any(task["state"] == "pending" for task in run["tasks"]):
        return "perdida"
    if any(task["state"] == "done" and not task["waits"] for task in run["tasks"]):
        return "nunca-cede"
    return ["sana"]
