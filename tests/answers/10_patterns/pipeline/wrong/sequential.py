# cause: M08
# fails: test_pipeline_b, test_pipeline_c
async def pipeline(items, n, work):
    return [await work(item) for item in items]
