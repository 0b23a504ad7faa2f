"""Kill processes at every step of an act: `python -m tests.kills ACT HOME` prints what was seen, as JSON."""

import json
import os
import sys
from pathlib import Path

import django


def main(act: str, home: Path) -> None:
    """Let Django stand on a platform in `home`, and try the act."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tongban.config.settings",
        "TONGBAN_PROFILE": "test",
        "TONGBAN_HOME": str(home),
        "TONGBAN_ALLOWED_HOSTS": "testserver",
        "TONGBAN_EVIDENCE_WAIT_SECONDS": "0",
        "TONGBAN_SMS_PROVIDER": "tests.kills.vendor.Vendor",
    }
    home.mkdir(parents=True)
    django.setup()

    from tests.kills import acts, killing

    acts.warm_up()
    print(json.dumps(killing.try_every_step(acts.ACTS[act], home, acts.standing), ensure_ascii=False))


main(sys.argv[1], Path(sys.argv[2]))
