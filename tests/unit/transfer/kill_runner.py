"""Imports a file in processes that are killed: `python -m tests.unit.transfer.kill_runner DATABASE FILE BLOCK`.

Reads one number a line: after so many seconds the import is killed (SIGKILL); `-` lets it finish. Answers each line
with the exit code of the process. Forked before anything is connected, so that a run costs nothing but itself.
"""

import os
import signal
import sys
import time
from pathlib import Path

import django


def main() -> None:
    """Answer lines until there are no more."""
    database, file, block = sys.argv[1:]
    django.setup()

    from django.db import connection  # Django is ready only now

    from tongban.audit.actors import Actor
    from tongban.transfer.file_format import open_file
    from tongban.transfer.flows.import_file import import_file

    connection.settings_dict["NAME"] = database
    opened = open_file(Path(file))
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            import_file(actor=Actor.system(), file=opened, block=int(block))
            connection.close()
            os._exit(0)
        if line.strip() != "-":
            time.sleep(float(line))
            os.kill(child, signal.SIGKILL)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
