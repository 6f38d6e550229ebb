"""Branches, staff and logins.

A `User` is a login and nothing more; what a person is stands in `Staff` (here) or in `register.Client` (above).
"""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only


class Role(models.TextChoices):
    """What a member of staff may be (DESK 10). A person may hold several, each from a day to a day."""

    MANAGER = "manager", _("Client manager")
    ADVISER = "adviser", _("Investment adviser")
    CALL_CENTRE = "call_centre", _("Call-centre agent")
    SUPERVISOR = "supervisor", _("Branch supervisor")
    SERVICE_OPS = "service_ops", _("HQ service operations")
    ANALYST = "analyst", _("Analyst")
    COMPLIANCE = "compliance", _("Compliance")
    ADMINISTRATOR = "administrator", _("Administrator")
    STRATEGY_AUTHOR = "strategy_author", _("Strategy author")
    BRANCH_AUTHOR = "branch_author", _("Strategy author of a branch")
    BUSINESS_APPROVER = "business_approver", _("Business approver of strategies")
    OPERATOR = "operator", _("Operator of strategies")


class UserManager(BaseUserManager["User"]):
    """Makes logins; there is no superuser: rights come from roles."""

    def create_user(self, login: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(login=login, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(login=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A login. `login` is the staff number or the client number; clients also log in by account number or phone."""

    class Kind(models.TextChoices):
        CLIENT = "client", _("Client")
        STAFF = "staff", _("Staff")

    login = models.CharField(_("login"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    is_active = models.BooleanField(_("active"), default=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    display = models.JSONField(_("display"), default=dict, blank=True, help_text="Theme, market colours, 长辈版")
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"
    objects = UserManager()

    # A client's login says who is a client: only those of staff are configuration.
    row_access = RowAccess(configuration=True, where={"kind": Kind.STAFF})

    class Meta:
        verbose_name = _("login")
        verbose_name_plural = _("logins")

    def __str__(self) -> str:
        return self.login

    @property
    def is_staff(self) -> bool:
        """Whether this login may knock at the admin; what it sees there is decided by roles."""
        return self.kind == self.Kind.STAFF


class Branch(models.Model):
    """A branch (营业部) or a regional branch above it; `path` makes a subtree a prefix match: `/1/17/`."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(_("path"), max_length=200, db_index=True, editable=False)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the path in step with the parent, and with it those of all branches below.

        The own number is known only after the first save.
        """
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path != self.path:
            self.path = path
            super().save(update_fields=["path"])
            for child in self.children.all():
                child.save()


class Staff(models.Model):
    """A member of staff. `own_client_no` is the account he holds with us, which he never sees on the desk."""

    class Status(models.TextChoices):
        AVAILABLE = "available", _("Available")
        BUSY = "busy", _("Busy")
        AWAY = "away", _("Away")
        OFF = "off", _("Off")

    user = models.OneToOneField(User, models.PROTECT, related_name="staff")
    staff_no = models.CharField(_("staff number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="staff")
    phone = models.CharField(_("office phone"), max_length=30, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.AVAILABLE)
    seat_cap = models.PositiveSmallIntegerField(_("tasks at once"), default=2)
    tasks_a_day = models.PositiveSmallIntegerField(_("tasks a day"), default=40)
    own_client_no = models.CharField(_("own client number"), max_length=20, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("staff")
        verbose_name_plural = _("staff")
        indexes = [
            models.Index(fields=["own_client_no"], condition=~models.Q(own_client_no=""), name="staff_own_client"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_no} {self.name}"


class StaffRole(models.Model):
    """A role held from a day to a day (inclusive; no end is open)."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("staff role")
        constraints = [
            models.UniqueConstraint(fields=["staff", "role", "valid_from"], name="staff_role_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="staff_role_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.role}"


class Licence(models.Model):
    """A practising licence (执业编码); adviser work goes only to a valid adviser licence."""

    class Kind(models.TextChoices):
        GENERAL = "general", _("General securities business")
        ADVISER = "adviser", _("Investment adviser")

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="licences")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    number = models.CharField(_("licence number"), max_length=40, unique=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("licence")

    def __str__(self) -> str:
        return self.number


class Cover(models.Model):
    """One person stands in for another from a moment to a moment; access and routing follow by themselves."""

    absent = models.ForeignKey(Staff, models.CASCADE, related_name="absences")
    cover = models.ForeignKey(Staff, models.CASCADE, related_name="covers")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("cover")
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="cover_dates"),
            models.CheckConstraint(condition=~models.Q(absent=models.F("cover")), name="cover_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.cover} for {self.absent}"


class AccessLog(models.Model):
    """Who opened which client's page or revealed which field, and why. Append-only."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    client_id = models.BigIntegerField(db_index=True)
    action = models.CharField(max_length=30)
    field = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    ip = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(db_index=True)

    row_access = RowAccess()

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.staff_id} {self.action} {self.client_id} {self.at:%F %T}"
