"""Locks on files that the operating system frees when their holder dies, however it dies."""

import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt
    import os
    import random
    import time

    _ALL = 0x7FFFFFFF  # bytes, the most that one call locks; the file need not have any
    _TURN = 0.1  # seconds between two attempts: a wait inside of msvcrt would not notice Ctrl-C

    def take(file: IO[str], *, wait: bool, shared: bool = False) -> bool:
        """Lock an open file until it is closed; False when another process has it and `wait` is false.

        Windows locks bytes, each for one holder: who shares takes a byte of its own, who does not takes all.
        """
        while True:
            os.lseek(file.fileno(), random.randrange(_ALL) if shared else 0, os.SEEK_SET)
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1 if shared else _ALL)
            except OSError:
                if not wait:
                    return False
                time.sleep(_TURN)
            else:
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
