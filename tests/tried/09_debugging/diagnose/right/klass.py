class Diagnosis:
    def __init__(self, run): self.run = run
    def __call__(self):
        for name in ("unstarted", "blocked", "failed", "pending", "done"):
            if getattr(self, name)():
                return {"unstarted": "nunca-iniciada", "blocked": "bloquea-el-bucle", "failed": "excepción-sin-recoger", "pending": "perdida", "done": "nunca-cede"}[name]
        return "sana"
    def unstarted(self): return self.run["unstarted"]
    def blocked(self): return self.run["blocked"]
    def failed(self):
        waits = [w["what"] for t in self.run["tasks"] for w in t["waits"]]
        return any(t["state"] == "failed" and waits.count(t["name"]) == 0 for t in self.run["tasks"])
    def pending(self): return any(t["state"] == "pending" for t in self.run["tasks"])
    def done(self): return any(t["state"] == "done" and not t["waits"] for t in self.run["tasks"])

def diagnose(run): return Diagnosis(run)()
