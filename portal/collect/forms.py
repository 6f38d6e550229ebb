"""What is typed to make a write key."""

from django import forms
from django.utils.translation import gettext as _t

from portal.collect import selectors, services
from portal.collect.models import WriteKey


class KeyForm(forms.ModelForm):
    """Name, platform and kind of a new key."""

    class Meta:
        model = WriteKey
        fields = ("name", "platform", "kind")

    def clean_name(self) -> str:
        """Refuse the name of a key in force, and that of the key which our own pages make themselves."""
        name: str = self.cleaned_data["name"]
        if name == services.WEB:
            raise forms.ValidationError(_t("The house makes this key itself. Choose another name."))
        if selectors.key_by_name(name):
            raise forms.ValidationError(_t("A key named %(name)s is in force already.") % {"name": name})
        return name
