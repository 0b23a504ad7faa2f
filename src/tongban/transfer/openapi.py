"""The description of the search API (OpenAPI 3.1), from which clients may be made; tests hold every answer to it."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from tongban.accounts.rules import Realm
from tongban.sso.rules import ServiceScope
from tongban.transfer import problems
from tongban.transfer.answers import ANSWERS, Password, Step

Json = dict[str, Any]
_SCOPE = ServiceScope.ACCOUNT_SEARCH.value
_LANGUAGE: Json = {
    "name": "Accept-Language",
    "in": "header",
    "description": "Language of the sentences for the person, and of an SMS: zh-CN (default) or en.",
    "schema": {"type": "string"},
}


def document() -> Json:
    """Return the description of the API at this address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "账号检索",
            "version": "1.0.0",
            "description": "What became of an account that was brought over: one outcome and one next step. "
            "Never a person's data. Every search is counted and written down.",
        },
        "servers": [{"url": settings.ADDRESS}],
        "security": [{"client": [_SCOPE]}],
        "paths": {
            reverse("transfer:unit-search"): _operation(
                "searchUnit", "Search by USCC.", question="UnitQuestion", status=200, answer="Answer"
            ),
            reverse("transfer:person-code"): _operation(
                "sendPersonCode", "Send an SMS code to a phone.", question="PhoneQuestion", status=202, answer="Sent"
            ),
            reverse("transfer:person-search"): _operation(
                "searchPerson",
                "Search by a phone that the code proves; a right code is spent.",
                question="PersonQuestion",
                status=200,
                answer="Answer",
            ),
        },
        "components": {
            "securitySchemes": {
                "client": {
                    "type": "oauth2",
                    "flows": {
                        "clientCredentials": {
                            "tokenUrl": settings.ADDRESS + reverse("sso:token"),
                            "scopes": {_SCOPE: "Search for what became of legacy accounts."},
                        }
                    },
                }
            },
            "parameters": {"Language": _LANGUAGE},
            "schemas": _schemas(),
        },
    }


def _operation(name: str, summary: str, *, question: str, status: int, answer: str) -> Json:
    refusals = {
        str(int(status)): {
            "description": ", ".join(kind.type for kind in problems.KINDS if kind.status == status),
            "content": {problems.MEDIA_TYPE: {"schema": _ref("Problem")}},
        }
        for status in sorted({kind.status for kind in problems.KINDS})
    }
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "parameters": [_ref("Language", "parameters")],
            "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(question)}}},
            "responses": {
                str(status): {
                    "description": summary,
                    "content": {"application/json": {"schema": _ref(answer)}},
                },
                **refusals,
            },
        }
    }


def _schemas() -> Json:
    text = {"type": "string"}
    network = {"type": "string", "description": "IP address the person calls from; searches of one are counted."}
    browser = {
        "type": "string",
        "pattern": "^[A-Za-z0-9_-]{16,64}$",
        "description": "Random name for the person's browser, the same for code and search; says nothing of them.",
    }
    uscc = {"type": "string", "description": "统一社会信用代码", "examples": ["91110108MA01ET88XL"]}
    phone = {"type": "string", "description": "Mainland mobile number", "examples": ["13800000000"]}
    code = {"type": "string", "description": "What the SMS says"}
    return {
        "UnitQuestion": _object(uscc=uscc, searcher=_object(network=network)),
        "PhoneQuestion": _object(phone=phone, searcher=_object(id=browser, network=network)),
        "PersonQuestion": _object(phone=phone, code=code, searcher=_object(id=browser, network=network)),
        "Answer": _object(
            outcome={"enum": [outcome.value for outcome in ANSWERS]},
            realm={"enum": [Realm.LEGAL.value, Realm.NATURAL.value], "description": "Whose window, legal or natural."},
            login_name={"type": ["string", "null"], "description": "What to log in with; null where there is none."},
            password={"enum": [*(password.value for password in Password), None]},
            next_step=_object(
                act={"enum": [step.value for step in Step]},
                address={
                    "type": "string",
                    "format": "uri",
                    "description": "The page where it is done; a log-in window fills in the login name for 30 minutes.",
                },
            ),
        ),
        "Sent": _object(expires_in={"type": "integer", "minimum": 1}, resend_in={"type": "integer", "minimum": 0}),
        "Problem": {
            **_object(
                type={"enum": [kind.type for kind in problems.KINDS]},
                title=text,
                status={"type": "integer"},
                detail={
                    "type": "string",
                    "description": "May be shown to the person; in the language that was asked for.",
                },
                errors={"type": "array", "minItems": 1, "items": _object(pointer=text, code=text, detail=text)},
                retry_after={"type": "integer", "minimum": 1, "description": "Seconds, as in Retry-After."},
            ),
            "required": ["type", "title", "status", "detail"],
        },
    }


def _object(**members: Json) -> Json:
    return {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }


def _ref(name: str, kind: str = "schemas") -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}
