"""Standard processes: what to say, ask and check, step by step. A published version never changes."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only, history

ONLY_IN_A_DRAFT = """
    IF EXISTS (SELECT FROM taskqueue_playbookversion v WHERE v.state <> 'draft'
               AND (TG_OP <> 'INSERT' AND v.id = OLD.version_id OR TG_OP <> 'DELETE' AND v.id = NEW.version_id)) THEN
        RAISE EXCEPTION 'the steps of a playbook change only while it is a draft';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


@history("PlaybookHistory")
class Playbook(models.Model):
    """A process that strategies name by code."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("playbook")

    def __str__(self) -> str:
        return self.code


class PlaybookVersion(models.Model):
    """One text of a playbook; only drafts may be edited, open tasks keep the version they began with."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        OBSOLETE = "obsolete", _("Obsolete")

    playbook = models.ForeignKey(Playbook, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    body_hash = models.CharField(max_length=64, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("playbook version")
        constraints = [
            models.UniqueConstraint(fields=["playbook", "number"], name="playbook_version_once"),
            models.UniqueConstraint(
                fields=["playbook"], condition=models.Q(state="published"), name="one_published_playbook"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="obsolete_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="obsolete"),
            ),
            pgtrigger.Protect(
                name="published_text_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="published")
                & (pgtrigger.Q(old__body_hash__df=pgtrigger.F("new__body_hash")) | pgtrigger.Q(new__state="draft")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.playbook.code} v{self.number}"


class PlaybookEvent(models.Model):
    """One act on a version, never changed; without a name it is the strategy library's."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        EDITED = "edited", _("Edited")
        PUBLISHED = "published", _("Published")

    version = models.ForeignKey(PlaybookVersion, models.PROTECT, related_name="events", verbose_name=_("version"))
    kind = models.CharField(_("what was done"), max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("event of a version")
        verbose_name_plural = _("events of a version")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.version} {self.get_kind_display()}"


class PlaybookStep(models.Model):
    """One step: a line to say, something to ask, check or send."""

    class Kind(models.TextChoices):
        SCRIPT = "script", _("Say")
        ASK = "ask", _("Ask")
        CHECK = "check", _("Check")
        SEND = "send", _("Send")
        LINK = "link", pgettext_lazy("step", "Open")

    class Answer(models.TextChoices):
        NONE = "none", _("Done")
        CHOICE = "choice", _("Choice")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        TEXT = "text", _("Text")

    version = models.ForeignKey(PlaybookVersion, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.TextField(_("text"))
    avoid_text = models.CharField(_("do not say"), max_length=300, blank=True)
    answer_type = models.CharField(_("answer"), max_length=8, choices=Answer, default=Answer.NONE)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    required = models.BooleanField(_("required"), default=False)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("playbook step")
        ordering = ["order"]
        triggers = [
            pgtrigger.Trigger(
                name="published_steps_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=ONLY_IN_A_DRAFT,
            )
        ]
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="playbook_step_once")]

    def __str__(self) -> str:
        return self.text


class Disposition(models.Model):
    """One possible answer of the outcome panel: contact, response or verdict (DESK 7)."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("Contact")
        RESPONSE = "response", _("Response")
        VERDICT = "verdict", _("Verdict on the hit")

    code = models.CharField(_("code"), max_length=30)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    label_zh = models.CharField(_("Chinese label"), max_length=40)
    label_en = models.CharField(_("English label"), max_length=60)
    hotkey = models.CharField(_("key"), max_length=1, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    reached = models.BooleanField(_("the client was reached"), default=False)
    positive = models.BooleanField(_("positive"), default=False)
    needs_note = models.BooleanField(_("needs a note"), default=False)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("answer")
        ordering = ["kind", "order"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="disposition_once")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.code}"
