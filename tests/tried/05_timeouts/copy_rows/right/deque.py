from collections import deque


async def copy_rows(rows, dest):
    queue = deque(rows)
    try:
        while queue:
            await dest.write(queue.popleft())
    finally:
        await dest.close()
