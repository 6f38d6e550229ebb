"""What an administrator types to hire somebody."""

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from clients.org.models import Role, Staff, User


class HireForm(forms.ModelForm):
    """A new member of staff with his roles, his first password and, for advice, his licence."""

    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple)
    on = forms.DateField(label=_("from"), widget=AdminDateWidget)
    adviser_licence = forms.CharField(label=_("Adviser licence number"), max_length=40, required=False)
    password = forms.CharField(label=_("First password"), strip=False, widget=forms.PasswordInput)

    class Meta:
        model = Staff
        fields = ("staff_no", "name", "branch")

    def clean_staff_no(self) -> str:
        """Refuse a number that somebody logs in with, a client too."""
        number = self.cleaned_data["staff_no"]
        if User.objects.filter(login=number).exists():
            raise forms.ValidationError(_("Somebody logs in with this number already; choose another."))
        return str(number)

    def clean_password(self) -> str:
        """Hold the first password to the same rules as any other."""
        validate_password(self.cleaned_data["password"])
        return str(self.cleaned_data["password"])
