"""What reviewers read when an act is refused: one sentence per code of this room's errors."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from tongban.design.labels import Text
from tongban.review.errors import ApplyRefused, ReviewError

SENTENCES: Mapping[str, Text] = {
    "review.number_malformed": _("这不是办件编号。编号的样子是 TB-2026-8F3K-7Q2M，请核对每一个字符。"),
    "review.case_unknown": _("没有找到这个办件。"),
    "review.case_moved": _("这个办件刚刚有了新的进展，您的操作没有执行。请查看最新情况。"),
    "review.not_holder": _("您没有领取这个办件，或者领取已超时。请重新领取。"),
    "review.held": _("其他审核员正在办理这个办件。"),
    "review.nothing_waiting": _("现在没有可以领取的办件。"),
    "review.role_missing": _("您的岗位不能执行这项操作。"),
    "review.senior_needed": _("这个办件须由高级审核员办理。"),
    "review.related": _("您与这个办件有关联，按规定应当回避。"),
    "review.same_reviewer": _("您已对这个办件提出过意见，须由其他审核员办理。"),
    "review.reason_unknown": _("请从列表中选择理由。"),
    "review.apply_refused": _("现在不能作出这个决定。"),
    "review.kind_unknown": _("这类办件已停止办理。"),
}


def sentence(error: ReviewError) -> str:
    """Return what a person should read about `error`."""
    if isinstance(error, ApplyRefused) and error.sentence:
        return str(error.sentence)
    return str(SENTENCES[error.code])
