"""since 3.14, on Linux"""

import multiprocessing

print(multiprocessing.get_start_method())
