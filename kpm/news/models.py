"""Articles, as their sources gave them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clients.shared.rowaccess import RowAccess


class Article(models.Model):
    """A flash, news item, announcement or research note. Identity is (source, source_id); facts never change."""

    class Kind(models.TextChoices):
        FLASH = "flash", _("Flash")
        NEWS = "news", _("News")
        ANNOUNCEMENT = "announcement", _("Announcement")
        RESEARCH = "research", _("Research")

    source = models.CharField(_("source"), max_length=60)
    source_id = models.CharField(max_length=200)
    published_at = models.DateTimeField(_("published at"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=500)
    body = models.TextField(_("text"), blank=True)
    url = models.URLField(max_length=500, blank=True)
    lang = models.CharField(max_length=2, default="zh")
    symbols = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    rating = models.CharField(max_length=8, blank=True)
    licence = models.CharField(max_length=40)
    reversal_of = models.CharField(max_length=200, blank=True, help_text="source_id of the article it takes back")
    arrived_at = models.DateTimeField(db_default=Now())
    linked_at = models.DateTimeField(null=True, help_text="When its securities were looked for")

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [models.UniqueConstraint(fields=["source", "source_id"], name="article_once")]
        indexes = [
            models.Index(fields=["-published_at"], name="article_newest"),
            GinIndex(fields=["symbols"], name="article_naming"),
            models.Index(fields=["published_at"], name="article_unlinked", condition=models.Q(linked_at=None)),
            models.Index(
                fields=["source", "reversal_of"], name="article_reversal", condition=~models.Q(reversal_of="")
            ),
        ]

    def __str__(self) -> str:
        return self.title
