"""asyncio on a virtual clock: time stands still while code computes, and jumps when all of it waits."""

DOORS = ("awaits", "patched_time", "stopwatch", "stuck", "virtual_loop", "wording")
