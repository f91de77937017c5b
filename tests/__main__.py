"""`python -m tests` runs every test, and ends with the lines that say what judged.

The order of sets is fixed, since workers must agree on the names of tests made from them. It leaves before the interpreter takes itself down: DuckDB's binding counts what is still alive then, and says so after
everything else.
"""

import os
import sys

import pytest

if __name__ == "__main__":
    if "PYTHONHASHSEED" not in os.environ:
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests", *sys.argv[1:]])  # noqa: S606 - this program again
    code = pytest.main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
