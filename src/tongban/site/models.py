"""公告: what the operator announces."""

from django.db import models

from tongban.design.spoken import Translated
from tongban.kernel.ids import new_id


class Notice(Translated):
    """One notice. It is read from `published_at` on, until it is withdrawn."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    body = models.TextField(help_text="Plain text, paragraphs parted by empty lines.")
    published_at = models.DateTimeField()
    search_text = models.TextField(help_text="Title and body, folded by catalogue.searching.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-published_at", "slug")
        indexes = (models.Index(fields=["-published_at"], name="site_notice_newest_first"),)
