def diagnose(run: dict) -> str:
    match run:
        case {"unstarted": [_, *_]}:
            return "nunca-iniciada"
        case {"blocked": [_, *_]}:
            return "bloquea-el-bucle"
    names = []
    for task in run["tasks"]:
        for wait in task["waits"]:
            if wait["kind"] == "task":
                names.append(wait["what"])
    for task in run["tasks"]:
        if task["state"] == "failed" and task["name"] not in names:
            return "excepción-sin-recoger"
    for task in run["tasks"]:
        if task["state"] == "pending":
            return "perdida"
    for task in run["tasks"]:
        if task["state"] == "done" and len(task["waits"]) == 0:
            return "nunca-cede"
    return "sana"
