# cause: lo mismo a tres programas distintos
# fails: test_diagnose_a, test_diagnose_b
def diagnose(run: dict) -> str:
    names = [task["name"] for task in run["tasks"]]
    if "stock" in names:
        return "excepción-sin-recoger"
    if "rude" in names:
        return "bloquea-el-bucle"
    return "sana"
