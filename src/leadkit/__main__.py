"""Run the command line with `python -m leadkit`."""

import sys

from leadkit.cli import main

if __name__ == "__main__":
    sys.exit(main())
