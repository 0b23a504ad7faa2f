"""Business systems in English: on every page that names them, in what was agreed to, and on the way there."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.journeys.html import lint, parse, words
from tests.unit.sso.house import OPERATOR, UNIT_NAME, Rp, code_for, make_account, make_client, make_service, signed_in
from tongban.accounts.rules import Realm
from tongban.audit.models import Event
from tongban.config.commands.client import command
from tongban.design import display
from tongban.sso.errors import ClientRefused
from tongban.sso.flows.register_client import change_translations
from tongban.sso.models import Grant, RelyingParty

pytestmark = pytest.mark.django_db
ENTER = "/services/high-tech-enterprise/enter/"
TEXTS = {"en": {"name": "High-tech accreditation", "recipient": "Torch Centre", "purpose": "To check the applicant"}}
SERVICE = {"en": {"name": "High-tech enterprises", "how_to_get_right": "Ask whoever looks after the account."}}


def reads_english(browser: Client) -> Client:
    browser.cookies[display.LANGUAGE_COOKIE] = "en"
    return browser


def page_of(response: Any) -> Any:
    page = parse(response.content)
    lint(page, response.headers)
    return page


def test_the_consent_page_speaks_english(at_unit_browser: Client) -> None:
    page = page_of(reads_english(at_unit_browser).get(Rp(make_client(translations=TEXTS)).address()))
    text = words(page.find(".//main"))
    assert "High-tech accreditation" in words(page.find(".//h1"))
    assert all(said in text for said in TEXTS["en"].values())
    assert "高企认定" not in page.findtext(".//title")
    named = {words(found) for found in page.xpath("//main//*[@lang='zh-CN']")}
    assert named == {UNIT_NAME}, "a name is what it is"


def test_what_has_no_english_is_marked_as_chinese(at_unit_browser: Client) -> None:
    only_purpose = {"en": {"purpose": "To check the applicant"}}
    page = page_of(reads_english(at_unit_browser).get(Rp(make_client(translations=only_purpose)).address()))
    marked = [words(found) for found in page.xpath("//main//*[@lang='zh-CN']")]
    assert marked.count("高企认定") == 2, "in the heading and in the first sentence"
    assert "火炬中心" in marked
    assert "To check the applicant" in words(page.find(".//main"))
    assert "高企认定" in page.findtext(".//title")
    assert "span" not in page.findtext(".//title")


def test_chinese_readers_see_no_english(at_unit_browser: Client) -> None:
    page = page_of(at_unit_browser.get(Rp(make_client(translations=TEXTS)).address()))
    assert "核对申请单位" in words(page.find(".//main"))
    assert not any(said in words(page.find(".//main")) for said in TEXTS["en"].values())


def test_a_consent_keeps_what_was_shown_in_each_language(at_browser: Client) -> None:
    rp = Rp(make_client(translations=TEXTS))
    code_for(at_browser, rp)
    grant = Grant.objects.get()
    assert (grant.purpose, grant.translations) == ("核对申请单位", {"en": {"purpose": "To check the applicant"}})
    change_translations(actor=OPERATOR, client_id="hnte", texts={"en": {"purpose": "For anything"}})
    page = page_of(at_browser.get("/account/consents/"))
    assert "核对申请单位" in words(page.find(".//main"))
    page = page_of(reads_english(at_browser).get("/account/consents/"))
    assert "To check the applicant" in words(page.find(".//main"))
    assert "For anything" not in words(page.find(".//main"))


def test_whoever_may_not_enter_is_told_in_english(at_browser: Client) -> None:
    make_client(translations=TEXTS)
    service = make_service(translations=SERVICE)
    response = reads_english(at_browser).get(ENTER)
    page = page_of(response)
    assert response.status_code == 403
    assert "High-tech enterprises" in words(page.find(".//h1"))
    assert "Ask whoever looks after the account." in words(page.find(".//main"))
    service.translations = {}
    service.save()
    page = page_of(at_browser.get(ENTER))
    assert [words(found) for found in page.xpath("//h1/span[@lang='zh-CN']")] == ["高企认定"]
    assert "请联系本单位的账号管理人。" in [words(found) for found in page.xpath("//main//*[@lang='zh-CN']")]


@pytest.mark.parametrize(("kept", "told"), [("", None), ("en", ["en"]), ("zh-hans", ["zh-CN"]), ("de", None)])
def test_a_chosen_language_goes_along_into_the_business_system(
    at_unit_browser: Client, kept: str, told: list[str] | None
) -> None:
    make_client()
    make_service()
    if kept:
        at_unit_browser.cookies[display.LANGUAGE_COOKIE] = kept
    location = at_unit_browser.get(ENTER).headers["Location"]
    assert parse_qs(urlsplit(location).query).get("ui_locales") == told


def test_a_language_that_comes_with_the_request_goes_along_too(at_unit_browser: Client) -> None:
    make_client()
    make_service()
    location = at_unit_browser.get(f"{ENTER}?ui_locales=en").headers["Location"]
    assert parse_qs(urlsplit(location).query)["ui_locales"] == ["en"]


@pytest.mark.parametrize(
    "texts",
    [{"de": {"name": "x"}}, {"en": {"client_id": "x"}}, {"en": {"name": " "}}, {"en": "x"}, {"en": {"name": 1}}],
)
def test_translations_that_make_no_sense_are_refused(texts: Any) -> None:
    with pytest.raises(ClientRefused) as refused:
        make_client(translations=texts)
    assert refused.value.reason == "translation"
    make_client()
    with pytest.raises(ClientRefused):
        change_translations(actor=OPERATOR, client_id="hnte", texts=texts)
    assert RelyingParty.objects.get().translations == {}


def test_operators_say_it_on_the_command_line() -> None:
    runner = CliRunner()
    what = ["--name", "示例", "--recipient", "示例单位", "--purpose", "核对", "--redirect-uri", "https://a.example/cb"]
    made = runner.invoke(command, ["create", "example", *what, "--name-en", "Example", "--purpose-en", "To check"])
    assert made.exit_code == 0, made.output
    assert RelyingParty.objects.get().translations == {"en": {"name": "Example", "purpose": "To check"}}
    assert runner.invoke(command, ["set-english", "example", "--recipient-en", "Office"]).exit_code == 0
    assert RelyingParty.objects.get().translations == {"en": {"recipient": "Office"}}
    assert runner.invoke(command, ["set-english", "example"]).exit_code == 0
    assert RelyingParty.objects.get().translations == {}
    assert Event.objects.filter(name="sso:client:translations_changed").count() == 2
    missing = runner.invoke(command, ["set-english", "nobody", "--name-en", "Nobody"])
    assert missing.exit_code == 1
    assert "client_unknown" in missing.output


def test_staff_accounts_read_it_too() -> None:
    make_client(translations=TEXTS)
    make_service(translations=SERVICE)
    page = page_of(reads_english(signed_in(make_account(Realm.STAFF, "staff"))).get(ENTER))
    assert "High-tech enterprises" in words(page.find(".//h1"))
