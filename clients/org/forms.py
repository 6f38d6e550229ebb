"""The login form, for both doors."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.shared.forms import helper


class LoginForm(forms.Form):
    """A name and a password. What the name is called differs by door; what was wrong is never told apart."""

    username = forms.CharField(max_length=40)
    password = forms.CharField(label=_("Password"), max_length=128, strip=False, widget=forms.PasswordInput)

    def __init__(self, *args: Any, name_label: str, name_help: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.label, name.help_text = name_label, name_help
        name.widget.attrs.update(autocomplete="username", autocapitalize="none", spellcheck="false")
        self.fields["password"].widget.attrs.update(autocomplete="current-password")
        self.helper = helper("username", "password", button=_("Log in"), name="login", wide=True)
