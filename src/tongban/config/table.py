"""Every setting of the platform: one row each, with its type, default and a sentence.

Environment reading, the settings page of the documentation and Django's settings come from this table.
A setting `NAME` is read from the environment variable `TONGBAN_NAME`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tongban.kernel import crypto_suites


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    `type` is bool, int, float, str, Path, list (comma separated) or dict (JSON). `demo` replaces the default in the
    profiles demo and test. A `secret` is never shown. `choices` are the only values allowed, when there are any.
    """

    name: str
    type: type
    default: Any
    sentence: str
    demo: Any = None
    secret: bool = False
    choices: tuple[str, ...] = ()

    def read(self, environment: Mapping[str, str], *, profile: str) -> Any:
        """Return the value from `environment`, else the profile's default; raises `ValueError` naming the variable."""
        raw = environment.get(f"TONGBAN_{self.name}")
        if raw is None:
            return self.demo if self.demo is not None and profile in {"demo", "test"} else self.default
        try:
            value = parse(self.type, raw)
            self._check(value)
        except ValueError as error:
            message = f"TONGBAN_{self.name}: {raw!r} is not {self.type.__name__} ({error})"
            raise ValueError(message) from None
        return value

    def _check(self, value: object) -> None:
        if self.choices and value not in self.choices:
            message = f"use one of {', '.join(choice or 'nothing' for choice in self.choices)}"
            raise ValueError(message)


def parse(kind: type, raw: str) -> Any:
    """Turn an environment variable's text into `kind`; raises `ValueError`."""
    if kind is bool:
        if raw.lower() not in {"1", "0", "true", "false", "yes", "no"}:
            message = "use true or false"
            raise ValueError(message)
        return raw.lower() in {"1", "true", "yes"}
    if kind is list:
        return [part.strip() for part in raw.split(",") if part.strip()]
    if kind is dict:
        return json.loads(raw)
    return kind(raw)


TABLE: tuple[Setting, ...] = (
    # What and where
    Setting("PROFILE", str, "production", "demo, test or production; demo parts refuse to start in production."),
    Setting("HOME", Path, Path("var"), "Folder that holds all state: SQLite database, keys, evidence, anchors."),
    Setting("DATABASE", str, "", "postgresql://user@host/name, or empty for SQLite in HOME."),
    Setting("DATABASE_POOL", int, 8, "Largest number of PostgreSQL connections of one process."),
    Setting("ADDRESS", str, "http://127.0.0.1:8000", "Public address of the platform, without a slash at the end."),
    Setting(
        "SECRET_KEY", str, "", "Signs cookies and forms; at least 50 characters; required in production.", secret=True
    ),
    Setting("ALLOWED_HOSTS", list, [], "Host names the platform answers to; ADDRESS's host is always among them."),
    Setting("TRUSTED_PROXIES", list, [], "Networks (CIDR) whose X-Forwarded-For and X-Forwarded-Proto are believed."),
    # What operators watch
    Setting("METRICS_TOKEN", str, "", "What Prometheus shows to read /metrics; empty: no such page.", secret=True),
    Setting("LOG_STYLE", str, "json", "json, or text for people who watch.", demo="text", choices=("json", "text")),
    Setting(
        "LOG_LEVEL",
        str,
        "INFO",
        "From which level on the platform's own messages are logged.",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
    ),
    # Who runs the site and what its pages say
    Setting("SITE_NAME", str, "政务服务平台", "Name of the site, at the top of every page.", demo="科技部政务服务平台"),
    Setting("SITE_STRAPLINE", str, "", "A short line under the name.", demo="一个账号 · 全程可办"),
    Setting("EMBLEM", str, "", "Address of the emblem beside the name, 56 px square; none is shipped."),
    Setting("TOP_LINKS", dict, {}, "Links in the strip above the name: text to address."),
    Setting(
        "HOTLINES",
        dict,
        {},
        "Help lines: name to number.",
        demo={"科技部政务服务平台": "010-88659000", "科技部火炬中心": "010-88656305/6315"},
    ),
    Setting("OPERATOR", str, "", "主办单位 in the footer; left out while empty."),
    Setting("SITE_CODE", str, "", "网站标识码 in the footer; left out while empty."),
    Setting("FILING_NUMBER", str, "", "备案号 in the footer; left out while empty."),
    # Accounts
    Setting("SESSION_IDLE_MINUTES", int, 30, "A citizen's session ends after this pause."),
    Setting("SESSION_HOURS", int, 12, "A citizen's session ends this long after log-in at the latest."),
    Setting("SESSION_IDLE_MINUTES_STAFF", int, 15, "A staff session ends after this pause."),
    Setting("SESSION_HOURS_STAFF", int, 8, "A staff session ends this long after log-in at the latest."),
    Setting("PASSWORD_LENGTH", int, 12, "Fewest characters of a citizen's password."),
    Setting("PASSWORD_LENGTH_STAFF", int, 15, "Fewest characters of a staff password."),
    Setting(
        "PASSWORD_COMPOSITION",
        int,
        0,
        "How many of four kinds (capitals, small letters, digits, others) a new password must mix; 0: as NIST advises.",
    ),
    Setting(
        "PASSWORD_DAYS", int, 0, "After how many days a log-in asks for a new password; 0: never, as NIST advises."
    ),
    Setting(
        "PASSWORD_CONTEXT", list, ["tongban", "通办"], "Words no password may hold, besides the names on the site."
    ),
    Setting(
        "PASSWORD_HASH",
        str,
        "",
        "How passwords are stored from now on: argon2id or pbkdf2-hmac-sm3; empty: as CRYPTO_SUITE says.",
        choices=("", *sorted(suite.password for suite in crypto_suites.SUITES.values())),
    ),
    Setting("PBKDF2_ITERATIONS", int, 600_000, "Rounds of pbkdf2-hmac-sm3 (OWASP, for a hash of 256 bits)."),
    Setting("LOG_IN_FAILURES", int, 5, "Failed log-ins of a login name before a picture 验证码 is asked for."),
    Setting("LOG_IN_FAILURES_NETWORK", int, 10, "Failed log-ins from a network before a picture 验证码 is asked for."),
    Setting("LOG_IN_WINDOW_SECONDS", int, 300, "Failed log-ins are forgotten after this pause."),
    Setting("LOG_IN_FIRST_DELAY_SECONDS", int, 30, "First pause forced on a login name from one network; it doubles."),
    Setting("LOG_IN_LONGEST_DELAY_SECONDS", int, 3600, "Longest pause forced on a login name from one network."),
    Setting(
        "AUTHENTICATOR_FAILURES",
        int,
        100,
        "Failures in a row after which a password or an authenticator app opens nothing from unknown devices.",
    ),
    Setting("AUTHENTICATOR_FAILURES_DAYS", int, 365, "Failures in a row are forgotten after this pause."),
    Setting("SECOND_FACTOR_RATES", str, "5/5min 20/h", "Tries of the second factor by one member of staff."),
    Setting("SECOND_FACTOR_SECONDS", int, 600, "How long a staff password stands before its second factor is given."),
    Setting("STEP_UP_MINUTES", int, 10, "How old a second factor may be when staff do what weighs most."),
    Setting("STAFF_INVITATION_HOURS", int, 72, "How long a one-time link for a member of staff works."),
    Setting("NOT_ME_DAYS", int, 7, "How long the link 不是我 of a notice works."),
    Setting("DEVICE_DAYS", int, 365, "After how long without a log-in a browser counts as new again."),
    Setting("CONSENT_VERSION", str, "2026-11-01", "Version of the terms and the privacy notice people consent to."),
    # Keys and the audit trail
    Setting(
        "CRYPTO_SUITE",
        str,
        "international",
        "Algorithms of new keys and passwords: international (AES, SHA-2, Argon2id) or gm (国密: SM4, SM3).",
        choices=tuple(crypto_suites.SUITES),
    ),
    Setting("VAULT_KEY_RING", Path, None, "File of the vault's keys; required in production, else made under HOME."),
    Setting("EVIDENCE_FOLDER", Path, None, "Folder of uploaded pictures, encrypted; HOME/evidence."),
    Setting("EVIDENCE_MAX_BYTES", int, 1024 * 1024, "Largest picture that may be uploaded, in bytes."),
    Setting("EVIDENCE_MAX_PIXELS", int, 25_000_000, "Most pixels (width times height) of an uploaded picture."),
    Setting("WATERMARK_FONT", Path, None, "Font file with Chinese characters for the watermark; else the system's."),
    Setting("EVIDENCE_LIVE", int, 6, "Pictures one account or browser may have uploaded and not yet submitted."),
    Setting("EVIDENCE_PER_DAY", int, 30, "Pictures one account or browser may upload in 24 hours."),
    Setting("EVIDENCE_UNUSED_DAYS", int, 7, "Days after which a picture that was never submitted is erased."),
    Setting("EVIDENCE_WAIT_SECONDS", float, 2.0, "Longest a page waits for the worker to prepare an uploaded picture."),
    Setting("EVIDENCE_RETENTION_DAYS", int, 90, "Days after a case has ended at which its pictures are erased."),
    Setting("AUDIT_KEY_RING", Path, None, "File of the audit trail's keys; required in production, else under HOME."),
    Setting("AUDIT_ANCHORS", Path, None, "File the end of the audit chain is noted in; HOME/audit/anchors.jsonl."),
    Setting("AUDIT_RETENTION_DAYS", int, 180, "Days an event stays in the database at least (GB/T 22239: 180)."),
    # One-time codes, human checks and limits
    Setting("ONE_TIME_CODE_DIGITS", int, 6, "Digits of an SMS code."),
    Setting("ONE_TIME_CODE_SECONDS", int, 300, "How long an SMS code may be used."),
    Setting("ONE_TIME_CODE_TRIES", int, 5, "Wrong tries that end an SMS code; sending it again does not reset them."),
    Setting("ONE_TIME_CODE_CHECKS", int, 10, "How often a form with a right SMS code may be sent before it succeeds."),
    Setting("SMS_RATES_PHONE", str, "1/min 5/h 10/d", "SMS codes to one phone, over all purposes (rolling windows)."),
    Setting("SMS_RATES_NETWORK", str, "25/5min", "SMS codes asked for from one IPv4 address or IPv6 /64."),
    Setting(
        "HUMAN_CHECK",
        str,
        "tongban.challenge.adapters.picture.PictureCheck",
        "Kind of human check (验证码); `tongban.challenge.adapters.altcha.AltchaCheck` lets the browser work instead.",
    ),
    Setting(
        "HUMAN_CHECK_WITHOUT_SCRIPT",
        str,
        "tongban.challenge.adapters.picture.PictureCheck",
        "What people see whose browser does not do that work.",
    ),
    Setting(
        "HUMAN_CHECK_AUDIO", str, "tongban.challenge.adapters.sound.SpokenDigits", "What people hear instead of seeing."
    ),
    Setting("HUMAN_CHECK_LENGTH", int, 4, "Characters of a picture 验证码."),
    Setting("HUMAN_CHECK_AUDIO_LENGTH", int, 6, "Digits of an audio 验证码."),
    Setting("HUMAN_CHECK_RECORDINGS", str, "", "Folder of recorded digits, one folder a voice; empty: our own."),
    Setting("ALTCHA_COST", int, 5000, "Rounds of PBKDF2 that one try of an ALTCHA puzzle costs."),
    Setting("ALTCHA_STEPS", int, 400, "Tries that the hardest ALTCHA puzzle takes; the easiest takes half of them."),
    Setting("HUMAN_CHECK_SECONDS", int, 600, "How long a 验证码 may be answered."),
    Setting("HUMAN_CHECKS_LIVE", int, 3, "How many 验证码 of one browser stay answerable, for example in two tabs."),
    Setting("HUMAN_CHECK_RATES_BROWSER", str, "60/5min 300/h", "Pictures and puzzles for one browser session."),
    Setting("HUMAN_CHECK_RATES_NETWORK", str, "600/5min", "Pictures and puzzles for one IPv4 address or IPv6 /64."),
    Setting("HUMAN_CHECK_AUDIO_RATES_BROWSER", str, "40/5min 200/h", "Requests for sound of one browser session."),
    Setting("HUMAN_CHECK_AUDIO_RATES_NETWORK", str, "300/5min", "Requests for sound of one IPv4 address or IPv6 /64."),
    Setting("CHALLENGE_KEEP_HOURS", int, 24, "How long expired codes and 验证码 are kept."),
    # Real-name verification
    Setting(
        "AUTHORITY",
        list,
        ["tongban.proofing.adapters.register.Register"],
        "Classes that confirm identities, asked in this order; the next one when one has no answer just now.",
    ),
    Setting("AUTHORITY_TIMEOUT", float, 3.0, "Seconds a person waits for the authority; then the worker goes on."),
    Setting("PROOFING_PER_ACCOUNT", str, "5/6h", "Real-name checks of one account."),
    Setting("PROOFING_PER_DOCUMENT", str, "10/h", "Real-name checks of one document or USCC, over all accounts."),
    Setting("PROOFING_REVIEWS_PER_ACCOUNT", str, "5/d", "Cases one account may open for a manual verification."),
    Setting("PROOFING_KEEP_DAYS", int, 30, "How long drafts and the entries of failed verifications are kept."),
    Setting("REGISTER_REHEARSAL", bool, False, "A register file may force answers; never in production.", demo=True),
    # Review
    Setting(
        "REVIEW_WORKING_DAYS", int, 5, "Working days we give ourselves for a case; a kind of case may have others."
    ),
    Setting("REVIEW_REMIND_DAYS", int, 1, "Working days before the due date at which reviewers are reminded."),
    Setting("REVIEW_ANSWER_DAYS", int, 30, "Days a person has to correct a returned case before it ends."),
    Setting("REVIEW_LEASE_MINUTES", int, 30, "After how long without an act a claimed case goes back to the queue."),
    Setting("REVIEW_KEEP_DAYS", int, 180, "How long a case that has ended keeps what the person submitted."),
    Setting("REVIEW_CASES_PER_PAGE", int, 25, "Cases on one page of the review desk's queue."),
    # Getting back in
    Setting("RECOVERY_PER_ACCOUNT", str, "5/d", "Codes for a new password of one login name, sent to one phone."),
    Setting("RECOVERY_PER_UNIT", str, "3/d", "Messages to the contact of a unit that somebody looked for its contact."),
    Setting("RECOVERY_DORMANT_DAYS", int, 180, "Days without use after which a reset asks for the bound document too."),
    Setting("RECOVERY_QUIET_HOURS", int, 24, "Hours after a recovery in which the phone cannot be changed.", demo=0),
    Setting("RECOVERY_APPEALS_PER_PHONE", str, "5/d", "Appeals handed in with one phone."),
    Setting("RECOVERY_COOLING_HOURS", int, 24, "Hours an approved appeal waits for an objection.", demo=0),
    Setting("RECOVERY_LINK_HOURS", int, 72, "Hours in which the link of an approved appeal sets a password."),
    Setting("RECOVERY_DRAFT_HOURS", int, 24, "Hours after which an appeal that was not handed in is forgotten."),
    # Acting for a unit
    Setting("MANDATE_LONGEST_DAYS", int, 365, "Most days for which a unit may let a person act for it."),
    Setting("MANDATE_ANSWER_DAYS", int, 30, "Days in which an offer can be accepted, or a request be approved."),
    Setting("MANDATE_REMIND_DAYS", int, 14, "Days before the end of a mandate at which both sides are reminded."),
    Setting("MANDATE_KEEP_DAYS", int, 180, "Days after which the address of an offer nobody accepted is erased."),
    Setting("MANDATE_OFFERS_PER_UNIT", str, "50/d", "Offers one unit may make."),
    Setting("MANDATE_REQUESTS_PER_PERSON", str, "10/d", "Requests to units one person may make."),
    Setting("MANDATES_PER_PAGE", int, 20, "Ended mandates on one page of 我的授权 or 授权管理."),
    # Accounts of the Torch platform
    Setting(
        "TRANSFER_SERVICES",
        list,
        ["high-tech-enterprise", "technology-sme"],
        "Services, by their code in the catalogue, in which holders of a unit's legacy account may act for the unit.",
    ),
    Setting("TRANSFER_MANDATE_DAYS", int, 365, "How long they may; never longer than MANDATE_LONGEST_DAYS."),
    Setting("LEGACY_PASSWORDS_UNTIL", str, "", "Last day (2027-12-31) on which brought-over passwords open anything."),
    Setting(
        "LEGACY_LOG_IN_TICK",
        float,
        0.4,
        "Seconds between answers to log-ins under names that brought-over accounts have, while slow hashes are kept.",
    ),
    Setting("TRANSFER_SEARCH_RATES_NETWORK", str, "100/h", "Searches for one network, as the searching system tells."),
    Setting("TRANSFER_SEARCH_RATES_PHONE", str, "10/h", "Searches by one proved phone."),
    Setting("TRANSFER_SEARCHERS_PER_PERSON", str, "3/d", "Different networks from which one person is searched for."),
    # Single sign-on
    Setting("SSO_CODE_SECONDS", int, 60, "How long an authorization code may be redeemed."),
    Setting("SSO_ACCESS_TOKEN_SECONDS", int, 900, "How long an access token works."),
    Setting("SSO_CLIENT_TOKEN_SECONDS", int, 900, "How long a token works that a system got in its own name."),
    Setting("SSO_ID_TOKEN_SECONDS", int, 300, "How long an ID token says it may be accepted."),
    Setting("SSO_SIGNING_KEY_DAYS", int, 90, "How long a key signs ID tokens before its successor is made."),
    Setting("SSO_LOOPBACK_REDIRECTS", bool, False, "Clients may register http://127.0.0.1 addresses.", demo=True),
    # Messages
    Setting(
        "SMS_PROVIDER",
        list,
        [],
        "Classes that hand SMS to vendors, tried in this order; empty: SMS wait.",
        demo=["tongban.notify.adapters.demo.DemoProvider"],
    ),
    Setting("SMS_TRIES", int, 8, "How often an SMS that was surely not sent is tried before giving up."),
    Setting("SMS_LEASE_SECONDS", int, 60, "After how long a worker that took an SMS and fell silent is given up."),
    Setting("SMS_KEEP_DAYS", int, 30, "How long the outbox remembers that an SMS was sent (not what it said)."),
    Setting("SMS_TIMEOUT", float, 5.0, "Seconds a vendor of SMS has to take a message over or to answer a look-up."),
    Setting(
        "SMS_NOT_SENT_SECONDS",
        int,
        120,
        "After how long a vendor that lists no such message is believed that it was never sent.",
    ),
    Setting("SMS_RECEIPT_HOURS", int, 72, "How long a vendor is asked whether an SMS arrived."),
    Setting("MESSAGE_KEEP_DAYS", int, 730, "How long messages under 我的消息 are kept."),
    Setting("MESSAGES_PER_PAGE", int, 20, "Messages on one page of 我的消息."),
    # Vendors
    Setting("VENDOR_PROXY", str, "", "HTTP proxy (http://host:port) through which vendors are called; empty: none."),
    Setting("ALIBABA_KEY_ID", str, "", "AccessKey ID at Alibaba Cloud.", secret=True),
    Setting("ALIBABA_KEY_SECRET", str, "", "AccessKey Secret at Alibaba Cloud.", secret=True),
    Setting(
        "ALIBABA_CLOUDAUTH_ADDRESS", str, "https://cloudauth.aliyuncs.com", "Where Alibaba Cloud confirms identities."
    ),
    Setting("ALIBABA_SMS_ADDRESS", str, "https://dysmsapi.aliyuncs.com", "Where Alibaba Cloud takes SMS."),
    Setting("ALIBABA_SMS_SIGN_NAME", str, "", "The signature (签名) of our SMS, as registered with Alibaba Cloud."),
    Setting(
        "ALIBABA_SMS_TEMPLATES",
        dict,
        {},
        "Name of each of our SMS templates (in English: `name.en`) to Alibaba Cloud's TemplateCode.",
    ),
    Setting("TENCENT_KEY_ID", str, "", "SecretId at Tencent Cloud.", secret=True),
    Setting("TENCENT_KEY_SECRET", str, "", "SecretKey at Tencent Cloud.", secret=True),
    Setting(
        "TENCENT_FACEID_ADDRESS", str, "https://faceid.tencentcloudapi.com", "Where Tencent Cloud confirms persons."
    ),
    Setting("TENCENT_OCR_ADDRESS", str, "https://ocr.tencentcloudapi.com", "Where Tencent Cloud confirms units."),
    Setting("TENCENT_SMS_ADDRESS", str, "https://sms.tencentcloudapi.com", "Where Tencent Cloud takes SMS."),
    Setting("TENCENT_SMS_REGION", str, "ap-guangzhou", "Region of Tencent Cloud's SMS."),
    Setting("TENCENT_SMS_APP_ID", str, "", "SmsSdkAppId of the application at Tencent Cloud."),
    Setting("TENCENT_SMS_SIGN_NAME", str, "", "The signature (签名) of our SMS, as registered with Tencent Cloud."),
    Setting(
        "TENCENT_SMS_TEMPLATES",
        dict,
        {},
        "Name of each of our SMS templates (in English: `name.en`) to Tencent Cloud's TemplateId.",
    ),
)


def read_all(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return every setting by name."""
    profile = environment.get("TONGBAN_PROFILE", "production")
    return {setting.name: setting.read(environment, profile=profile) for setting in TABLE}
