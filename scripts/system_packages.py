"""Install the Debian packages that the tests need, or say in one line which are missing.

Chromium drives the browser tests, the CJK fonts make its pages readable, PostgreSQL runs the race and journey
tests a second time, gettext compiles the translations.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NEEDED: dict[str, Callable[[], bool]] = {
    "chromium": lambda: shutil.which("chromium") is not None,
    "fonts-noto-cjk": lambda: any(Path("/usr/share/fonts").rglob("NotoSansCJK*")),
    "postgresql": lambda: any(Path("/usr/lib/postgresql").glob("*/bin/postgres")),
    "gettext": lambda: shutil.which("msgfmt") is not None,
}


def main() -> int:
    """Return the exit code: 0 when everything is there in the end."""
    missing = [name for name, present in NEEDED.items() if not present()]
    if not missing:
        return 0
    if os.geteuid() != 0:
        print(f"The tests need these Debian packages: sudo apt-get install {' '.join(missing)}", file=sys.stderr)
        return 1
    print(f"Installing {' '.join(missing)} …")
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], check=True, **quiet)  # type: ignore[call-overload]
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    subprocess.run(install, check=True, **quiet)  # type: ignore[call-overload]
    return 0


if __name__ == "__main__":
    sys.exit(main())
