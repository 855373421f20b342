# cause: das por sana
# fails: test_diagnose_b
def diagnose(run: dict) -> str:
    if run["unstarted"]:
        return "nunca-iniciada"
    if run["blocked"]:
        return "bloquea-el-bucle"
    if any(task["state"] == "pending" for task in run["tasks"]):
        return "perdida"
    return "sana"
