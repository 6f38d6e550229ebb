"""Write keys: who may send events, from which platform, and whether he may say which client they are about."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import history


@history("WriteKeyHistory")
class WriteKey(models.Model):
    """A key that a tracker or SDK sends with its events. Made once, revoked once, never changed otherwise.

    A public key stands in pages and apps where anybody reads it, so it can never name a client. A server key can:
    only its digest is kept, and the key itself is shown once, when it is made.
    """

    class Platform(models.TextChoices):
        WEB = "web", _("Web")
        IOS = "ios", _("iOS app")
        ANDROID = "android", _("Android app")
        TERMINAL = "terminal", _("Trading terminal")
        WECHAT = "wechat", _("WeChat")
        COUNTER = "counter", _("Counter")

    class Kind(models.TextChoices):
        PUBLIC = "public", _("Public: cannot name clients")
        SERVER = "server", _("Server: names clients")

    name = models.CharField(_("name"), max_length=60)
    platform = models.CharField(_("platform"), max_length=10, choices=Platform)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    value = models.CharField(_("text of the key"), max_length=64, blank=True, editable=False)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made at"))
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("revoked by")
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("write key")
        verbose_name_plural = _("write keys")
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(revoked_at=None), name="write_key_name_in_force_once"),
            models.CheckConstraint(
                condition=Q(kind="public") & ~Q(value="") | Q(kind="server", value=""),
                name="write_key_server_is_secret",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="write_key_revoked_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="only_revoked", exclude=["revoked_by", "revoked_at"]),
            pgtrigger.Protect(
                name="revoked_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__revoked_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name
