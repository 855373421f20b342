# cause: lo mismo a tres programas distintos
# fails: test_diagnose_a, test_diagnose_b
def diagnose(run: dict) -> str:
    return "perdida"
