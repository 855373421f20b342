"""since 3.14, where one process may read another"""

import asyncio
import os
import subprocess
import sys


async def query(user):
    await asyncio.sleep(60)


async def main():
    async with asyncio.TaskGroup() as group:
        task = group.create_task(query("ana"), name="query-ana")
        await asyncio.sleep(0.01)
        for command in ("ps", "pstree"):
            pid = str(os.getpid())
            done = await asyncio.to_thread(
                subprocess.run,
                [sys.executable, "-m", "asyncio", command, pid],
                capture_output=True,
                text=True,
            )
            print(done.stdout or done.stderr)
        task.cancel()


asyncio.run(main())
