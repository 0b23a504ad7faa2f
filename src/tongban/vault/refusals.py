"""Why an uploaded file is not taken, and the sentence a person reads about it."""

import math
from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongban.design.fields import largest_picture


class Refusal(StrEnum):
    """The reasons there are."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    NO_PICTURE = "no_picture"
    TOO_MANY_PIXELS = "too_many_pixels"
    DAMAGED = "damaged"
    TOO_MANY_FILES = "too_many_files"
    TOO_MANY_TODAY = "too_many_today"


_SENTENCES: Mapping[Refusal, Promise] = {
    Refusal.EMPTY: _("这个文件是空的。请重新选择图片。"),
    Refusal.TOO_BIG: _("图片太大，最大 %(size)s。请压缩图片，或者把长和宽改小后再上传。"),
    Refusal.NO_PICTURE: _("这个文件不是 JPG 或 PNG 图片。请选择 jpg、jpeg 或 png 格式的图片；只改文件名不会改变格式。"),
    Refusal.TOO_MANY_PIXELS: _("图片的像素太多。请把图片的长和宽改小，例如不超过 %(side)d×%(side)d，再上传。"),
    Refusal.DAMAGED: _("这张图片无法读取，文件可能已经损坏。请重新拍照或扫描后上传。"),
    Refusal.TOO_MANY_FILES: _("已上传、未提交的图片太多。请先删除不用的图片。"),
    Refusal.TOO_MANY_TODAY: _("24 小时内上传的图片太多。请明天再试，已上传的图片会保留。"),
}


def sentence(refusal: Refusal) -> str:
    """Return what a person whose file was refused reads."""
    params = {"size": largest_picture(), "side": math.isqrt(settings.EVIDENCE_MAX_PIXELS) // 100 * 100}
    return str(_SENTENCES[refusal]) % params
