"""The site of 火炬中心: its pages, its 验证码, and how it asks the platform."""

import json
import re
import sqlite3
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from neighbours.relying.options import ClientCredentials, Options
from neighbours.torch import __main__ as command_line
from neighbours.torch.app import create
from neighbours.torch.outcomes import WORDS
from neighbours.torch.transfer_api import TransferApi
from tests.unit.neighbours.conftest import Browser
from tests.unit.neighbours.fake_search import FOUND, FakeSearch, problem, running

USCC, PHONE = "91110108MA01ET88XL", "13800000000"


@pytest.fixture
def search() -> Iterator[FakeSearch]:
    with running(FakeSearch()) as found:
        yield found


@pytest.fixture
def torch_options(tmp_path: Path, search: FakeSearch) -> Options:
    file = tmp_path / "clients.json"
    file.write_text(json.dumps({"torch": {"client_id": "torch", "client_secret": "s3cret"}}))
    return Options.make(port=8002, platform=search.address, home=tmp_path / "home", client_file=file)


@pytest.fixture
def visitor(torch_options: Options) -> FlaskClient:
    app = create(torch_options)
    return Browser(app, app.response_class)


def captcha(visitor: FlaskClient) -> str:
    answer: dict[str, str] = visitor.get("/demo/captcha.json").json or {}
    return answer["answer"]


def post(visitor: FlaskClient, path: str, **typed: str) -> TestResponse:
    found = re.search('name="form_token" value="([^"]+)"', visitor.get(path).text)
    assert found
    return visitor.post(path, data={"form_token": found[1], **typed})


def send_code(visitor: FlaskClient, **typed: str) -> TestResponse:
    return post(
        visitor, "/search/person/", **{"act": "send-code", "phone": PHONE, "captcha": captcha(visitor), **typed}
    )


def test_the_home_page_leads_to_the_search(visitor: FlaskClient) -> None:
    page = visitor.get("/").text
    assert '<a class="button" href="/search/" data-opens="search">科技部政务服务平台（个人/企业）账号检索</a>' in page
    assert "<dialog" in page
    with visitor.get("/static/torch/torch.js") as script:
        assert "max-age" in script.headers["Cache-Control"]


def test_probes(visitor: FlaskClient, search: FakeSearch) -> None:
    assert visitor.get("/livez").json == {"alive": True}
    assert visitor.get("/readyz").status_code == 200
    search.issuer = "https://evil.example"
    assert visitor.get("/readyz").status_code == 503


def test_a_unit_is_searched_for(visitor: FlaskClient, search: FakeSearch) -> None:
    answer = post(visitor, "/search/", uscc=USCC, captcha=f" {captcha(visitor).lower()} ")
    assert (answer.status_code, answer.location) == (303, "/search/found/")
    page = visitor.get("/search/found/").text
    assert "继续使用原来的用户名和密码" in page
    assert page.count('class="button"') == 1
    assert 'href="http://platform.example/log-in/legal/?as=x"' in page
    assert USCC in page
    assert search.questions == [("unit-searches", {"uscc": USCC, "searcher": {"network": "127.0.0.1"}})]
    assert search.token_requests[0]["grant_type"] == "client_credentials"
    assert search.token_requests[0]["scope"] == "account-search"
    assert search.token_requests[0]["authorization"].startswith("Basic ")


def test_a_person_proves_the_phone_first(visitor: FlaskClient, search: FakeSearch) -> None:
    page = send_code(visitor).text
    assert "验证码已发送至 138****0000" in page
    assert f'value="{PHONE}"' in page
    answer = post(visitor, "/search/person/", phone=PHONE, code="123456")
    assert answer.location == "/search/found/"
    page = visitor.get("/search/found/").text
    assert "HJ_13800000000" in page
    assert "自然人登录" in page
    (_, first), (_, second) = search.questions
    assert first["searcher"] == second["searcher"]
    assert second == {"phone": PHONE, "code": "123456", "searcher": first["searcher"]}
    assert len(search.token_requests) == 1, "one token serves until it ends"


@pytest.mark.parametrize("outcome", WORDS)
def test_every_outcome_has_a_page_with_one_step(visitor: FlaskClient, search: FakeSearch, outcome: str) -> None:
    name = USCC if outcome in {"E1", "E2", "E3", "E4"} else None
    search.answers["unit-searches"] = 200, {**FOUND, "outcome": outcome, "login_name": name}
    post(visitor, "/search/", uscc=USCC, captcha=captcha(visitor))
    page = visitor.get("/search/found/").text
    main = page[page.index("<main") : page.index("</main>")]
    assert WORDS[outcome].heading in main
    assert re.findall(r"<a [^>]*>([^<]*)</a>", main) == [WORDS[outcome].step]
    assert ("登录名</dt>" in main) == bool(name)


def test_what_was_found_is_nobody_elses(visitor: FlaskClient, torch_options: Options) -> None:
    post(visitor, "/search/", uscc=USCC, captcha=captcha(visitor))
    app = create(torch_options)
    assert Browser(app, app.response_class).get("/search/found/").location == "/search/"


def test_an_outcome_this_site_does_not_know_is_not_shown(visitor: FlaskClient, search: FakeSearch) -> None:
    search.answers["unit-searches"] = 200, {**FOUND, "outcome": "E9"}
    post(visitor, "/search/", uscc=USCC, captcha=captcha(visitor))
    assert visitor.get("/search/found/").location == "/search/"


def test_the_picture_is_a_new_one_each_time(visitor: FlaskClient) -> None:
    first, second = (visitor.get("/search/picture.png").data for _ in range(2))
    assert first != second
    assert Image.open(BytesIO(first)).size == (320, 120)


def test_a_picture_is_answered_once(visitor: FlaskClient, search: FakeSearch) -> None:
    visitor.get("/search/picture.png")
    answer = captcha(visitor)
    assert captcha(visitor) == answer, "the last one shown"
    assert "验证码不对" in post(visitor, "/search/", uscc=USCC, captcha="wrong").text
    assert "验证码不对" in post(visitor, "/search/", uscc=USCC, captcha=answer).text, "nobody guesses twice"
    answer = captcha(visitor)
    assert post(visitor, "/search/", uscc=USCC, captcha=answer).status_code == 303
    assert "验证码不对" in post(visitor, "/search/", uscc=USCC, captcha=answer).text
    assert len(search.questions) == 1


def test_the_sound_of_a_turn_says_digits_that_are_accepted_as_well(visitor: FlaskClient, search: FakeSearch) -> None:
    page = visitor.get("/search/").text
    (turn,) = set(re.findall(r"/search/(?:picture\.png|sound\.wav)\?turn=([\w-]+)", page))
    assert 'aria-label="听验证码"' in page
    visitor.get(f"/search/picture.png?turn={turn}")
    answer = visitor.get("/demo/captcha.json").json
    heard = visitor.get(f"/search/sound.wav?turn={turn}")
    assert (heard.status_code, heard.mimetype) == (200, "audio/wav")
    assert "no-store" in heard.headers["Cache-Control"]
    assert "media-src 'self'" in heard.headers["Content-Security-Policy"]
    assert visitor.get("/demo/captcha.json").json == answer, "one check, seen and heard"
    assert answer
    assert len(answer["spoken"]) == 6
    with wave.open(BytesIO(heard.data)) as file:
        assert 5 < file.getnframes() / file.getframerate() < 10
    assert post(visitor, "/search/", uscc=USCC, captcha=" ".join(answer["spoken"])).status_code == 303
    assert "验证码不对" in post(visitor, "/search/", uscc=USCC, captcha=answer["answer"]).text, "and answered once"


def test_the_sound_is_served_in_parts_and_another_turn_says_others(visitor: FlaskClient) -> None:
    whole = visitor.get("/search/sound.wav?turn=a").data
    first = visitor.get("/search/sound.wav?turn=a", headers={"Range": "bytes=0-1"})
    rest = visitor.get("/search/sound.wav?turn=a", headers={"Range": "bytes=2-"})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.data + rest.data == whole
    said = {(visitor.get(f"/search/sound.wav?turn={turn}").data, captcha(visitor)) for turn in "bcd"}
    assert len(said) == 3
    assert visitor.get(f"/search/sound.wav?turn={'x' * 5000}").status_code == 200


def test_a_state_from_before_there_was_sound_is_taken_over(torch_options: Options) -> None:
    path = torch_options.home / "torch" / "torch.sqlite3"
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as old:
        old.execute("CREATE TABLE captcha (id INTEGER PRIMARY KEY, browser TEXT, answer TEXT, until REAL)")
        old.commit()
    app = create(torch_options)
    assert Browser(app, app.response_class).get("/search/sound.wav").status_code == 200


def test_the_latest_pictures_stay_good_for_a_while(visitor: FlaskClient, search: FakeSearch) -> None:
    first = captcha(visitor)
    visitor.get("/search/picture.png")
    assert post(visitor, "/search/", uscc=USCC, captcha=first).status_code == 303, "as in a second tab"
    late = captcha(visitor)
    search.clock_offset = 601.0
    assert "验证码不对" in post(visitor, "/search/", uscc=USCC, captcha=late).text


def test_answers_are_told_in_a_demonstration_only(visitor: FlaskClient, search: FakeSearch) -> None:
    search.clock_offset = None
    assert visitor.get("/demo/captcha.json").status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "请输入统一社会信用代码"),
        ({"uscc": "911101"}, "统一社会信用代码为18位"),
        ({"uscc": USCC}, "请输入图片中的验证码"),
    ],
)
def test_what_is_missing_is_said(visitor: FlaskClient, search: FakeSearch, typed: dict[str, str], words: str) -> None:
    page = post(visitor, "/search/", **typed).text
    assert words in page
    assert "<title>错误：" in page
    assert search.questions == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "请输入手机号码"),
        ({"phone": "138"}, "手机号码为11位数字"),
        ({"phone": "+86 138 0000 0000"}, "请输入短信验证码"),
        ({"act": "send-code"}, "请输入手机号码"),
        ({"act": "send-code", "phone": PHONE}, "请输入图片中的验证码"),
        ({"act": "send-code", "phone": PHONE, "captcha": "x"}, "验证码不对"),
    ],
)
def test_what_is_missing_of_a_person_is_said(
    visitor: FlaskClient, search: FakeSearch, typed: dict[str, str], words: str
) -> None:
    assert words in post(visitor, "/search/person/", **typed).text
    assert search.questions == []


@pytest.mark.parametrize("path", ["/search/", "/search/person/"])
def test_another_picture_costs_nothing_typed(visitor: FlaskClient, path: str) -> None:
    page = post(visitor, path, act="new-picture", uscc=USCC, phone=PHONE).text
    assert (USCC in page) or (PHONE in page)
    assert "error-summary" not in page


def test_another_site_cannot_search(visitor: FlaskClient, search: FakeSearch) -> None:
    assert visitor.post("/search/", data={"uscc": USCC, "captcha": captcha(visitor)}).status_code == 400
    assert search.questions == []


def test_a_refusal_stands_where_it_belongs(visitor: FlaskClient, search: FakeSearch) -> None:
    search.answers["unit-searches"] = problem(422, "最后一位对不上。", "/uscc")
    assert 'id="uscc-error">最后一位对不上。' in post(visitor, "/search/", uscc=USCC, captcha=captcha(visitor)).text
    search.answers["person-codes"] = problem(429, "操作过于频繁。")
    assert 'id="phone-error">操作过于频繁。' in send_code(visitor).text
    search.answers["person-searches"] = problem(422, "短信验证码不正确。", "/code")
    page = post(visitor, "/search/person/", phone=PHONE, code="1").text
    assert 'id="code-error">短信验证码不正确。' in page
    assert 'aria-describedby="code-hint code-error"' in page


@pytest.mark.parametrize("answer", [(500, {}), (200, {}), (200, []), (403, {"detail": "x"}), (422, {})])
def test_a_platform_that_fails_is_explained(
    visitor: FlaskClient, search: FakeSearch, answer: tuple[int, object]
) -> None:
    search.answers = dict.fromkeys(search.answers, answer)
    for page in (
        post(visitor, "/search/", uscc=USCC, captcha=captcha(visitor)),
        send_code(visitor),
        post(visitor, "/search/person/", phone=PHONE, code="1"),
    ):
        assert "暂时联系不上政务服务平台" in page.text
        assert page.status_code == 200


def test_a_platform_that_gives_no_token_is_explained(visitor: FlaskClient, search: FakeSearch) -> None:
    search.token_status = 401
    assert "暂时联系不上" in post(visitor, "/search/", uscc=USCC, captcha=captcha(visitor)).text


def test_a_token_that_ended_is_fetched_anew(visitor: FlaskClient, search: FakeSearch) -> None:
    for _ in range(2):
        search.tokens.clear()
        assert post(visitor, "/search/", uscc=USCC, captcha=captcha(visitor)).status_code == 303
    assert len(search.token_requests) == 2, "the first, and one after a refusal"


def test_a_platform_out_of_reach_does_not_answer() -> None:
    assert not TransferApi(platform="http://127.0.0.1:9", credentials=ClientCredentials("a", "b")).answers()


def test_the_command_line_says_what_it_serves() -> None:
    shown = CliRunner().invoke(command_line.main, ["--help"]).output
    assert "火炬中心业务办理平台" in shown


def test_pictures_asked_for_at_once_do_not_lose_each_other(torch_options: Options) -> None:
    app = create(torch_options)

    def walk(number: int) -> int:
        visitor = Browser(app, app.response_class)
        page = visitor.get("/search/").text
        cookie = visitor.get_cookie("torch_session", domain="127.0.0.1")
        assert cookie is not None
        twin = Browser(app, app.response_class)
        twin.set_cookie("torch_session", cookie.value, domain="127.0.0.1")
        with ThreadPoolExecutor(2) as both:
            drawn = both.submit(twin.get, "/search/picture.png")
            answer = both.submit(captcha, visitor).result()
            assert drawn.result().status_code == 200
        token = page.split('name="form_token" value="')[1].split('"')[0]
        return visitor.post("/search/", data={"form_token": token, "uscc": USCC, "captcha": answer}).status_code

    with ThreadPoolExecutor(8) as many:
        assert list(many.map(walk, range(12))) == [303] * 12
