class Found(Exception): pass
def diagnose(run):
    try:
        if run["unstarted"]: raise Found("nunca-iniciada")
        if run["blocked"]: raise Found("bloquea-el-bucle")
        for t in run["tasks"]:
            if t["state"] == "failed":
                for other in run["tasks"]:
                    if t["name"] in (w["what"] for w in other["waits"]):
                        break
                else:
                    raise Found("excepción-sin-recoger")
        for t in run["tasks"]:
            if t["state"] == "pending": raise Found("perdida")
        for t in run["tasks"]:
            if t["state"] == "done" and not t["waits"]: raise Found("nunca-cede")
    except Found as found:
        return str(found)
    return "sana"
