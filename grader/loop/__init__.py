"""asyncio on a virtual clock: time stands still while code computes, and jumps when all of it waits."""
