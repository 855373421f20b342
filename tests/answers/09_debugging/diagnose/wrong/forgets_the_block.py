# cause: el bucle estuvo bloqueado
# fails: test_diagnose_a
def diagnose(run: dict) -> str:
    tasks = run["tasks"]
    awaited = {wait["what"] for task in tasks for wait in task["waits"]}
    if run["unstarted"]:
        return "nunca-iniciada"
    if any(task["state"] == "failed" and task["name"] not in awaited for task in tasks):
        return "excepción-sin-recoger"
    if any(task["state"] == "pending" for task in tasks):
        return "perdida"
    if any(task["state"] == "done" and not task["waits"] for task in tasks):
        return "nunca-cede"
    return "sana"
