from collections import defaultdict
def diagnose(run):
    by_state = defaultdict(list)
    for task in run["tasks"]:
        by_state[task["state"]].append(task)
    def collected(task):
        for other in run["tasks"]:
            if any(wait["what"] == task["name"] for wait in other["waits"]):
                return True
        return False
    if run["unstarted"] != []:
        return "nunca-iniciada"
    elif run["blocked"] != []:
        return "bloquea-el-bucle"
    elif not all(map(collected, by_state["failed"])):
        return "excepción-sin-recoger"
    elif by_state["pending"]:
        return "perdida"
    elif [t for t in by_state["done"] if t["waits"] == []]:
        return "nunca-cede"
    else:
        return "sana"
