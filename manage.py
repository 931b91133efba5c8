#!/usr/bin/env python3
"""The one door: `python3 manage.py up` runs the product, `python3 manage.py test` passes its tests.

Needs Python 3.11 and nothing else; the first call makes `.venv` and installs into it what requirements.txt locks.
"""

import importlib
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the one file an older Python may meet
    sys.exit("Goodword needs Python 3.11 or newer; this is Python " + sys.version.split()[0] + ".")

if __name__ == "__main__":
    importlib.import_module("marketplace.launch.bootstrap").enter_environment(sys.argv)
    sys.exit(importlib.import_module("marketplace.launch.commands").main(sys.argv))
