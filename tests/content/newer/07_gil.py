"""since 3.13"""

import sys
import sysconfig

print("built without a GIL:", bool(sysconfig.get_config_var("Py_GIL_DISABLED")))
print("runs with a GIL:", sys._is_gil_enabled())
