# cause: no das ningún paso
async def run_steps(steps, budget):
    return [], False
