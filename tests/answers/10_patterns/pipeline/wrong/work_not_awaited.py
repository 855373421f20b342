# cause: M01
# fails: test_pipeline_a, test_pipeline_b, test_pipeline_c
async def pipeline(items, n, work):
    return [work(item) for item in items]
