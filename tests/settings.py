"""Settings of a test run: the profile `test`, state in a temporary folder, SQLite unless TONGBAN_DATABASE is set,
international algorithms unless TONGBAN_CRYPTO_SUITE says gm.

pytest-django reads the settings before any conftest, so the environment is prepared here.
"""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("TONGBAN_PROFILE", "test")
# Each process has its own, whatever the environment says (make names the demonstration's): keys that one rotates or
# retires are no other's.
os.environ["TONGBAN_HOME"] = tempfile.mkdtemp(prefix="tongban-test-")

from tongban.config.settings import *  # noqa: F403 - after the environment is prepared

atexit.register(shutil.rmtree, HOME, ignore_errors=True)  # noqa: F405
# Where the static files would stand; the middleware that serves them warns when there is no such folder.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
# As slow as production would be, every log-in of every test would take a third of a second.
PBKDF2_ITERATIONS = 1_000
INSTALLED_APPS += ["tests.unit.vault.sample"]  # noqa: F405
# No worker runs beside the tests: they draw pictures anew themselves.
EVIDENCE_WAIT_SECONDS = 0.0
# Thirty callers at the same moment are thirty: with production's pool eight of them would act while the others wait.
if "pool" in DATABASES["default"]["OPTIONS"]:  # noqa: F405
    DATABASES["default"]["OPTIONS"]["pool"]["max_size"] = 32  # noqa: F405
