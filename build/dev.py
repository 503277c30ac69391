"""Everything a person or a machine does with this checkout; needs only Python 3.11 or newer.

python build/dev.py run     sets up, opens the window with the sample clip (or: run FILE...)
python build/dev.py test    sets up, runs the whole test suite
python build/dev.py check   format, lint, types, import contracts, translations
python build/dev.py -h      says the rest
"""

from __future__ import annotations

import shutil
import subprocess
import sys

_OLDEST = 0x030B0000  # Python 3.11


def main() -> int:
    """Looks for a Python that is new enough, and hands over to the workshop."""
    if sys.hexversion >= _OLDEST:
        from workshop.commands import main as commands

        return commands(sys.argv[1:])
    newer = [found for found in map(shutil.which, ("python3.13", "python3.12", "python3.11")) if found]
    if newer:
        return subprocess.call([newer[0], *sys.argv])
    sys.stderr.write("mmdesk needs Python 3.11 or newer; this is Python " + sys.version.split()[0] + ".\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
