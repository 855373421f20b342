"""Locks on files that the operating system frees when their holder dies, however it dies."""

import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def take(file: IO[str], *, wait: bool, shared: bool = False) -> bool:
        """Lock an open file until it is closed; False when another process has it and `wait` is false."""
        if shared:
            return True  # Windows itself refuses to delete a program that runs
        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    return False
                continue  # LK_LOCK gives up after ten seconds
            return True

else:
    import fcntl

    def take(file: IO[str], *, wait: bool, shared: bool = False) -> bool:
        """Lock an open file until it is closed; False when another process has it and `wait` is false."""
        mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(file, mode if wait else mode | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
