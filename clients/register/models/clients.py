"""The client: who he says he is. Personal fields are encrypted; look-up goes through their blind index."""

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.org.models import Branch, Staff
from clients.shared.encrypted import BlindIndexed, BlindIndexField, EncryptedTextField
from clients.shared.rowaccess import RowAccess


@pghistory.track(model_name="ClientHistory")
class Client(BlindIndexed):
    """A client or a lead. The surrogate id is what the lake knows; `client_no` never leaves the record."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("Individual")
        ORGANISATION = "organisation", _("Organisation")
        PRODUCT = "product", _("Product")

    class Status(models.TextChoices):
        LEAD = "lead", _("Lead")
        ACTIVE = "active", _("Active")
        DORMANT = "dormant", _("Dormant")
        CLOSED = "closed", _("Closed")

    class Aml(models.TextChoices):
        LOW = "low", _("Low")
        MEDIUM = "medium", _("Medium")
        HIGH = "high", _("High")

    client_no = models.CharField(_("client number"), max_length=20, unique=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="client")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    name_pinyin = models.CharField(max_length=240, blank=True, db_index=True, help_text="Sort key")
    id_type = models.CharField(_("ID type"), max_length=20, blank=True)
    id_no = EncryptedTextField(_("ID number"), blank=True, default="")
    id_no_index = BlindIndexField("id_no", db_index=True)
    id_valid_from = models.DateField(null=True, blank=True)
    id_valid_to = models.DateField(_("ID valid to"), null=True, blank=True, help_text="9999-12-31 = 长期")
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=1, blank=True)
    nationality = models.CharField(max_length=3, blank=True)
    mobile = EncryptedTextField(_("mobile"), blank=True, default="")
    mobile_index = BlindIndexField("mobile", db_index=True)
    email = EncryptedTextField(_("e-mail"), blank=True, default="")
    email_index = BlindIndexField("email")
    address = models.CharField(_("address"), max_length=300, blank=True)
    occupation = models.CharField(max_length=60, blank=True)
    education = models.CharField(max_length=30, blank=True)
    income_band = models.CharField(max_length=30, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("branch"))
    manager = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("client manager")
    )
    manager_since = models.DateField(null=True, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    aml_level = models.CharField(max_length=8, choices=Aml, blank=True)
    tax_residency = models.CharField(max_length=20, blank=True)
    unified_account = models.CharField(_("unified account"), max_length=20, blank=True)
    brokers_elsewhere = models.PositiveSmallIntegerField(null=True, blank=True)
    assets_elsewhere = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    sensitive = models.BooleanField(_("sensitive"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    row_access = RowAccess(is_client=True)
    # Fields that say who a person is: tests look for them wherever rows leave the house.
    personal_fields = ("name", "id_no", "mobile", "email", "address", "birth_date")

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        indexes = [
            models.Index(fields=["branch", "manager"], name="client_book"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="client_name_trgm"),
        ]

    def __str__(self) -> str:
        return self.client_no

    @property
    def is_lead(self) -> bool:
        """Whether he has no account yet."""
        return self.status == self.Status.LEAD
