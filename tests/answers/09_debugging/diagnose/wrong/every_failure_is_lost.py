# cause: alguien recogió su excepción
# fails: test_diagnose_b
def diagnose(run: dict) -> str:
    tasks = run["tasks"]
    if run["unstarted"]:
        return "nunca-iniciada"
    if run["blocked"]:
        return "bloquea-el-bucle"
    if any(task["state"] == "failed" for task in tasks):
        return "excepción-sin-recoger"
    if any(task["state"] == "pending" for task in tasks):
        return "perdida"
    if any(task["state"] == "done" and not task["waits"] for task in tasks):
        return "nunca-cede"
    return "sana"
