"""Settings of a test run: the profile `test`, state in a temporary folder, SQLite unless TONGBAN_DATABASE is set."""

import os
import tempfile

os.environ.setdefault("TONGBAN_PROFILE", "test")
os.environ.setdefault("TONGBAN_HOME", tempfile.mkdtemp(prefix="tongban-test-"))
