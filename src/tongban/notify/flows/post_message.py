"""Leave a message for an account on the platform."""

import json
from collections.abc import Mapping
from uuid import UUID

from tongban.kernel import clock
from tongban.notify.models import InSiteMessage
from tongban.notify.templates import template as find_template


def post_message(*, account_id: UUID, template: str, params: Mapping[str, str]) -> UUID:
    """Leave the message `template` under 我的消息 of the account, in the caller's transaction, and return its id.

    Raises `UnknownTemplate`, `ParamsMismatch`.
    """
    find_template(template).check("message", params)
    row = InSiteMessage.objects.create(
        account_id=account_id, template=template, params=json.dumps(dict(params)), created_at=clock.now()
    )
    return row.id
