"""上传自然人信息 and 上传法人信息 over HTTP: what people read and press, and what attackers send."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.journeys.staff import log_in_staff, member
from tests.journeys.visitor import Lost, Value, Visitor
from tests.unit.proofing.conftest import make_account, on_record
from tests.unit.proofing.people import USCC, person, unit
from tests.unit.vault import pictures as samples
from tongban.accounts.models import Account, IdentityBinding, LegalProfile
from tongban.accounts.rules import Realm, Role
from tongban.notify.models import Sms
from tongban.proofing.flows.submit import submit
from tongban.proofing.models import EvidenceConsent
from tongban.review.flows.claim_case import claim_case
from tongban.review.flows.decide import decide
from tongban.review.models import Case
from tongban.review.rules import CaseState
from tongban.vault import holders
from tongban.vault.flows.reencode_evidence import reencode_due
from tongban.vault.models import EvidenceFile
from tongban.vault.queries import evidence_for

CONSENT = "我单独同意处理证件和证明材料的图片"
UPLOAD = "/account/profile/evidence/"


@pytest.fixture(autouse=True)
def _database(transactional_db: None) -> None:
    """Contents leave the disk once a transaction is committed: these journeys commit."""


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    path: Path = settings.EVIDENCE_FOLDER
    return path


def photo(content: bytes = b"", name: str = "IMG_0001.JPG", kind: str = "image/jpeg") -> Any:
    return SimpleUploadedFile(name, content or samples.with_gps(), kind)


def both() -> dict[str, Value]:
    return {"证件正面": photo(), "证件反面": photo(samples.png(), "back.png", "image/png")}


@pytest.fixture
def account() -> Account:
    """A person whose data no register knows."""
    on_record(person(2))
    made = make_account()
    submit(actor=made, entries=person(), consent_version="1")
    return made


@pytest.fixture
def natural(account: Account, browser: Visitor) -> Visitor:
    """That person, before 我的信息."""
    browser.client.force_login(account)
    return browser.get("/account/profile/")


@pytest.fixture
def legal(browser: Visitor) -> Visitor:
    """A unit that no register knows, before 我的信息."""
    made = make_account(Realm.LEGAL, login_name="unit")
    LegalProfile.objects.create(
        account=made, unit_name="北京示例科技有限公司", unit_name_key="北京示例科技有限公司", uscc=USCC,
        unit_type="enterprise", contact_name="李四",
    )  # fmt: skip
    submit(actor=made, entries=unit(), consent_version="1")
    browser.client.force_login(made)
    return browser.get("/account/profile/")


def hand_in(visitor: Visitor, pictures: Mapping[str, Value] | None = None) -> Visitor:
    """Walk from 我的信息 to the confirmation, pictures all at once."""
    visitor.get("/account/profile/")
    if visitor.text.count("上传法人信息"):
        visitor.click("上传法人信息")
    else:
        visitor.click("上传自然人信息")
    visitor.fill({CONSENT: True, **(pictures or both())}).submit("下一步")
    assert visitor.errors == []
    reencode_due()
    return visitor.reload().submit("提交审核")


def decision(reason: str, text: str = "请重新拍摄。") -> None:
    """Let a reviewer decide the one case."""
    reviewer, _new = Account.objects.get_or_create(realm="staff", login_name="reviewer", login_name_key="reviewer")
    reviewer.staff_roles.get_or_create(role="reviewer")
    case = Case.objects.get()
    claim_case(reviewer=reviewer, case_id=case.pk)
    decide(reviewer=reviewer, case_id=case.pk, round=case.round, reason=reason, text=text)


def badge(visitor: Visitor) -> str:
    (tag,) = visitor.page.xpath(".//main//*[contains(@class, 'titled')]//*[contains(@class, 'tag')]")
    return str(tag.text)


# Attacks


@pytest.mark.parametrize(
    "content",
    [
        samples.gif(),
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>',
        b"<!doctype html><script>alert(1)</script>",
    ],
)
def test_other_files_under_a_pictures_name_are_refused(natural: Visitor, content: bytes) -> None:
    natural.get(UPLOAD).fill({CONSENT: True, "证件正面": photo(content)}).submit("上传证件正面")
    assert natural.errors == [
        "这个文件不是 JPG 或 PNG 图片。请选择 jpg、jpeg 或 png 格式的图片；只改文件名不会改变格式。"
    ]
    assert not EvidenceFile.objects.exists()


def test_bombs_and_oversized_files_are_refused_and_the_others_kept(natural: Visitor) -> None:
    files: dict[str, Value] = {
        "证件正面": photo(samples.bomb_png()),
        "证件反面": photo(),
        "手持证件照": photo(b"\xff\xd8\xff" + bytes(5_000_000)),
    }
    natural.get(UPLOAD).fill({CONSENT: True, **files}).submit("下一步")
    assert [error[:5] for error in natural.errors] == ["图片的像素", "图片太大，"]
    assert EvidenceFile.objects.get().slot == "back"


def test_paths_in_names_lead_nowhere(natural: Visitor, folder: Path) -> None:
    before = {path for path in folder.parent.rglob("*") if "evidence" not in path.parts}
    natural.get(UPLOAD).fill({CONSENT: True, "证件正面": photo(name="../../../../tmp/evil.php")}).submit("上传证件正面")
    file = EvidenceFile.objects.get()
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [file.blob]
    assert {path for path in folder.parent.rglob("*") if "evidence" not in path.parts} == before
    assert "evil" not in natural.text


def test_ids_in_the_post_are_not_believed(natural: Visitor, account: Account) -> None:
    other = Account.objects.create(
        realm="natural", login_name="other", login_name_key="other", phone="13800000003", phone_index="x",
        phone_proved_at=account.phone_proved_at,
    )  # fmt: skip
    theirs = EvidenceFile.objects.create(
        holder=holders.of_account(other.pk), slot="front", state="ready", media_type="image/png", size=1, width=1,
        height=1, digest="x", blob="0" * 32, key="0" * 8,
    )  # fmt: skip
    natural.get(UPLOAD).fill({CONSENT: True, "证件反面": photo()}).submit("上传证件反面")
    natural.post(UPLOAD, {"front": str(theirs.pk), "holder": theirs.holder, "consent": "on"})
    assert natural.errors == ["请上传证件正面：选择图片后点“上传”。"]
    natural.post(UPLOAD, {"act": "delete-front", "holder": theirs.holder})
    theirs.refresh_from_db()
    assert theirs.erased_at is None
    assert natural.get(f"/evidence/{theirs.pk}/").status == 404


def test_without_consent_no_picture_is_taken(natural: Visitor) -> None:
    natural.get(UPLOAD).fill({"证件正面": photo()}).submit("上传证件正面")
    assert natural.errors == ["还没有上传：请先勾选上面的同意，再选择图片上传。"]
    natural.get(UPLOAD).fill(both()).submit("下一步")
    assert "请阅读并勾选同意，再上传图片。" in natural.errors
    assert not EvidenceFile.objects.exists()
    assert not EvidenceConsent.objects.exists()


def test_a_replayed_submission_changes_nothing(natural: Visitor) -> None:
    hand_in(natural)
    for _again in range(3):
        natural.post("/account/profile/evidence/check/")
        assert natural.path == "/account/profile/evidence/submitted/"
    assert Case.objects.count() == 1
    assert Sms.objects.filter(key__startswith="review:").count() == 1
    natural.get(UPLOAD)
    assert natural.path == "/account/profile/evidence/submitted/"


@pytest.mark.parametrize("path", [UPLOAD, f"{UPLOAD}check/", f"{UPLOAD}submitted/", f"{UPLOAD}letter/"])
def test_strangers_are_asked_to_log_in(new_browser: Callable[[], Visitor], path: str) -> None:
    assert "/log-in/" in new_browser().get(path).path


@pytest.mark.parametrize("path", [UPLOAD, f"{UPLOAD}check/", f"{UPLOAD}submitted/"])
def test_staff_and_people_with_nothing_to_prove_have_no_business_here(browser: Visitor, path: str) -> None:
    staff = Account.objects.create(realm="staff", login_name="s", login_name_key="s")
    browser.client.force_login(staff)
    assert browser.get(path).status == 403
    browser.client.force_login(make_account())
    assert browser.get(path).path == "/account/profile/"
    assert browser.post(f"{UPLOAD}check/").path == "/account/profile/"
    assert browser.get(f"{UPLOAD}letter/").status == 403


# The way


def test_a_person_uploads_and_is_verified(natural: Visitor) -> None:
    assert badge(natural) == "暂未能核验"
    natural.click("上传自然人信息")
    assert natural.heading == "上传自然人信息"
    assert "jpg、jpeg 或 png 格式，不超过 1 MB。" in natural.text
    natural.fill({CONSENT: True, "证件正面": photo()}).submit("上传证件正面")
    assert natural.errors == []
    assert "正在检查" in natural.text
    reencode_due()
    natural.reload()
    (preview,) = natural.page.xpath(".//main//img/@src")
    assert natural.client.get(preview).headers["Content-Type"] == "image/jpeg"
    with pytest.raises(Lost):
        natural.fill({CONSENT: True})
    natural.submit("下一步")
    assert natural.errors == ["请上传证件反面：选择图片后点“上传”。"]
    natural.fill({"证件反面": photo()}).submit("下一步")
    assert natural.heading == "核对并提交"
    assert "正在检查" in natural.text
    with pytest.raises(Lost):
        natural.submit("提交审核")
    reencode_due()
    natural.click("刷新本页")
    assert len(natural.page.xpath(".//main//img")) == 2
    assert "张*" in natural.text
    natural.submit("提交审核")
    assert natural.heading == "已提交人工审核"
    case = Case.objects.get()
    assert case.number in natural.text
    assert case.due_on.isoformat() in natural.text
    natural.click("返回我的信息")
    assert badge(natural) == "人工审核中"
    assert case.number in natural.text
    decision("confirmed")
    assert badge(natural.reload()) == "已实名认证"
    assert IdentityBinding.objects.get().assurance == 3
    assert Sms.objects.filter(key__startswith="review:").count() == 2


def test_a_picture_can_be_replaced_and_deleted(natural: Visitor, account: Account) -> None:
    natural.get(UPLOAD).fill({CONSENT: True, "证件正面": photo()}).submit("上传证件正面")
    first = EvidenceFile.objects.get()
    natural.fill({"证件正面": photo(samples.png())}).submit("替换证件正面")
    assert evidence_for(holders.of_account(account.pk))["front"] != first
    natural.submit("删除证件正面")
    assert natural.errors == []
    assert evidence_for(holders.of_account(account.pk)) == {}
    assert "替换" not in natural.text


def test_a_returned_case_is_corrected_and_answered(natural: Visitor) -> None:
    hand_in(natural)
    decision("unclear_picture", "证件反面反光。")
    natural.get("/account/profile/")
    assert badge(natural) == "需要补正"
    case = Case.objects.get()
    natural.get(f"/account/cases/{case.number}/")
    assert "证件反面反光。" in natural.text
    natural.click("补正并重新提交")
    assert natural.path == UPLOAD
    assert case.number in natural.text
    with pytest.raises(Lost):
        natural.submit("删除证件正面")
    natural.fill({"证件反面": photo(samples.jpeg(90, 90))}).submit("下一步")
    reencode_due()
    natural.reload().submit("重新提交审核")
    assert natural.heading == "已提交人工审核"
    case.refresh_from_db()
    assert (case.state, case.round) == (CaseState.SUBMITTED, 2)


def test_a_rejected_person_reads_why_and_may_start_again(natural: Visitor) -> None:
    hand_in(natural)
    decision("not_genuine", "材料不能证明身份。")
    natural.get("/account/profile/")
    assert badge(natural) == "未通过人工审核"
    natural.click("查看原因")
    assert "材料不能证明身份。" in natural.text
    natural.get("/account/profile/").click("修改个人信息")


def test_new_entries_are_announced_to_cancel_the_case(natural: Visitor) -> None:
    hand_in(natural)
    natural.get("/account/profile/").click("修改个人信息")
    assert "正在审核的办件会自动撤回" in natural.text


def test_a_refused_or_missing_picture_leads_back(natural: Visitor) -> None:
    natural.get(UPLOAD).fill({CONSENT: True, "证件正面": photo()}).submit("上传证件正面")
    assert natural.get(f"{UPLOAD}check/").path == UPLOAD
    natural.post(f"{UPLOAD}check/")
    assert natural.path == UPLOAD
    assert "材料还不齐全" in natural.text
    natural.fill({"证件反面": photo(samples.jpeg()[:-400])}).submit("下一步")
    assert natural.path == f"{UPLOAD}check/"
    natural.post(f"{UPLOAD}check/")
    assert "有的图片还在检查" in natural.text
    reencode_due()
    assert natural.reload().path == UPLOAD
    assert "这张图片无法读取" in natural.text


def test_too_many_cases_are_put_off(natural: Visitor, settings: Any) -> None:
    settings.PROOFING_REVIEWS_PER_ACCOUNT = "1/d"
    hand_in(natural)
    case = Case.objects.get()
    natural.get(f"/account/cases/{case.number}/withdraw/").submit("确认撤回")
    hand_in_again = natural.get(UPLOAD).fill(both()).submit("下一步")
    reencode_due()
    hand_in_again.reload().submit("提交审核")
    assert "提交人工审核过于频繁" in natural.text
    assert Case.objects.count() == 1


def test_a_unit_prints_its_letter_and_uploads(legal: Visitor) -> None:
    legal.click("上传法人信息")
    assert legal.heading == "上传法人信息"
    legal.click("打开本单位的授权书模板")
    assert legal.heading == "授权书"
    for expected in ("北京示例科技有限公司", USCC, "李四", "13800001234"):
        assert expected in legal.text
    pictures: dict[str, Value] = {
        "营业执照或登记证书": photo(),
        "授权书": photo(samples.png()),
        "法定代表人证件": photo(samples.jpeg()),
    }
    hand_in(legal, pictures)
    assert legal.heading == "已提交人工审核"
    decision("letter_incomplete")
    assert badge(legal.get("/account/profile/")) == "需要补正"


def test_a_letter_needs_entries(browser: Visitor) -> None:
    made = make_account(Realm.LEGAL, login_name="unit")
    LegalProfile.objects.create(
        account=made, unit_name="甲", unit_name_key="甲", uscc=USCC, unit_type="enterprise", contact_name="李四"
    )
    browser.client.force_login(made)
    assert browser.get(f"{UPLOAD}letter/").path == "/account/profile/"
    assert "请先填写并保存法人信息" in browser.text


def test_unknown_previews_do_not_exist(natural: Visitor) -> None:
    assert natural.get(f"/evidence/{uuid4()}/").status == 404


def test_a_wrong_entry_is_corrected_inside_the_returned_case(
    natural: Visitor, new_browser: Callable[[], Visitor]
) -> None:
    hand_in(natural)
    decision("entries_differ", "姓名与证件不一致。")
    case = Case.objects.get()
    natural.get(f"/account/cases/{case.number}/").click("补正并重新提交").click("更正填写的内容")
    assert natural.heading == "更正填写的内容"
    assert case.number in natural.text
    natural.fill({"姓名": "张 3"}).submit("保存")
    assert len(natural.errors) == 1, "nothing typed is lost"
    natural.fill({"姓名": "张叁"}).submit("保存")
    assert natural.path == UPLOAD
    assert "已更正的内容" in natural.text
    natural.submit("下一步")
    assert natural.heading == "核对并提交"
    assert "提交后以更正后的内容为准" in natural.text
    natural.submit("重新提交审核")
    assert natural.heading == "已提交人工审核"
    case.refresh_from_db()
    assert (case.state, case.round) == (CaseState.SUBMITTED, 2)
    assert Case.objects.count() == 1
    desk = log_in_staff(new_browser(), member("reviewer.neu", Role.REVIEWER))
    desk.get(f"/desk/cases/{case.pk}/").submit("领取本件")
    assert "张叁已更正上一轮填写：张三" in "".join(desk.text.split())


def test_a_correction_that_comes_too_often_or_too_late_says_so(
    natural: Visitor, settings: Any, account: Account
) -> None:
    hand_in(natural)
    decision("entries_differ")
    page = f"{UPLOAD}entries/"
    settings.PROOFING_PER_ACCOUNT = "1/6h"
    natural.get(page).fill({"姓名": "张叁"}).submit("保存")
    assert "更正得过于频繁" in "".join(natural.errors)
    settings.PROOFING_PER_ACCOUNT = "9/6h"
    natural.submit("保存")
    assert natural.path == UPLOAD, "what was typed was still there"
    natural.get(page)
    hand_over = natural
    send_again = Visitor()
    send_again.client.force_login(account)
    send_again.get(f"{UPLOAD}check/").submit("重新提交审核")
    hand_over.submit("保存")
    assert hand_over.path == f"{UPLOAD}submitted/"
