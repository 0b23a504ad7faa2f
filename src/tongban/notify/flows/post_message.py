"""Leave a message for an account on the platform."""

import json
from collections.abc import Mapping
from uuid import UUID

from tongban.design.kept_texts import Param, keep_param
from tongban.kernel import clock
from tongban.notify.models import InSiteMessage
from tongban.notify.templates import template as find_template


def post_message(*, account_id: UUID, template: str, params: Mapping[str, Param]) -> UUID:
    """Leave the message `template` under 我的消息 of the account, in the caller's transaction, and return its id.

    It is said in the language of whoever reads it, when it is read: give texts of ours as lazy translations.

    Raises `UnknownTemplate`, `ParamsMismatch`.
    """
    find_template(template).check("message", params)
    kept = json.dumps({name: keep_param(param) for name, param in params.items()})
    row = InSiteMessage.objects.create(account_id=account_id, template=template, params=kept, created_at=clock.now())
    return row.id
