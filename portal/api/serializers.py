"""What the interface says and hears. A personal field is as open as `access.field_level` allows, or left out."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import get_language
from rest_framework import serializers

from advisory.inbox.models import Message
from clients.org import access
from clients.shared import masking


class PersonalSerializer(serializers.Serializer):
    """A row about a person: `personal` names the fields that are masked or absent, each with its mask.

    The context has the request and `now`.
    """

    personal: ClassVar[dict[str, Callable[[str], str]]] = {}

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = super().to_representation(instance)
        user, now = self.context["request"].user, self.context["now"]
        for name, mask in self.personal.items():
            value = masking.apply(access.field_level(user, name, now=now), shown.pop(name), mask)
            if value is not None:
                shown[name] = value
        return shown


class BranchSerializer(serializers.Serializer):
    """A branch."""

    code = serializers.CharField()
    name = serializers.CharField()


class ManagerSerializer(serializers.Serializer):
    """Who looks after the client; staff numbers and licences are public (DOMAIN 2.1, B20)."""

    staff_no = serializers.CharField()
    name = serializers.CharField()
    phone = serializers.CharField()
    licence_no = serializers.CharField()


class RiskSerializer(serializers.Serializer):
    """The newest risk assessment; `valid` says whether it still counts."""

    level = serializers.IntegerField(help_text="1 to 5 for C1 to C5")
    lowest = serializers.BooleanField()
    valid_to = serializers.DateField()
    valid = serializers.BooleanField()


class MeSerializer(PersonalSerializer):
    """The client himself."""

    personal: ClassVar[dict[str, Callable[[str], str]]] = {
        "name": masking.mask_name,
        "mobile": masking.mask_mobile,
        "id_no": masking.mask_id_no,
        "email": masking.mask_email,
        "address": masking.mask_address,
    }
    client_no = serializers.CharField()
    opened_on = serializers.DateField(allow_null=True)
    branch = BranchSerializer()
    manager = ManagerSerializer(allow_null=True)
    risk = RiskSerializer(allow_null=True)
    name = serializers.CharField()
    mobile = serializers.CharField(help_text="138****1234")
    id_no = serializers.CharField(help_text="340***********1234")
    email = serializers.CharField()
    address = serializers.CharField()


class MessageSerializer(serializers.ModelSerializer):
    """A message, with the line that says why the client sees it."""

    why = serializers.SerializerMethodField()

    class Meta:
        model = Message
        fields = ("uid", "purpose", "title", "body", "why", "data_day", "created_at", "valid_until", "read_at")

    def get_why(self, row: Message) -> str:
        """The evidence in the language asked for."""
        return row.why_en or row.why if (get_language() or "").startswith("en") else row.why


class SecuritySerializer(serializers.Serializer):
    """A security."""

    symbol = serializers.CharField(help_text="600519.SH")
    name = serializers.CharField()
    type = serializers.CharField()
    currency = serializers.CharField()


class HoldingSerializer(serializers.Serializer):
    """One security at the close of the day, over all accounts; amounts in its currency."""

    security = SecuritySerializer()
    quantity = serializers.DecimalField(max_digits=20, decimal_places=4)
    price = serializers.DecimalField(max_digits=18, decimal_places=4)
    value = serializers.DecimalField(max_digits=20, decimal_places=2)
    cost = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
    gain = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
    gain_ratio = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    change = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True, help_text="Ratio of that day")


class HoldingsSerializer(serializers.Serializer):
    """Everything held at the close of the last settled day."""

    day = serializers.DateField(allow_null=True)
    holdings = HoldingSerializer(many=True)


class LoginSerializer(serializers.Serializer):
    """A name (client number, fund account or mobile) and a password."""

    login = serializers.CharField(max_length=40)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class TokenSerializer(serializers.Serializer):
    """The key for the header `Authorization: Token <key>`."""

    token = serializers.CharField()
