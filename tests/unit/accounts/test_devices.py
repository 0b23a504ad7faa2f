"""What a browser says of itself."""

import pytest

from tongban.accounts.rules.devices import describe

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (WINDOWS, "Windows · Chrome"),
        (f"{WINDOWS} Edg/120.0", "Windows · Edge"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/116 MicroMessenger/8.0.44", "Android · 微信"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "iPhone · Safari"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Linux · Firefox"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_words_their_owner_recognises(user_agent: str, said: str) -> None:
    assert describe(user_agent) == said
