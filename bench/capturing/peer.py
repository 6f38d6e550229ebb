"""The peer of the collector: the same events through a DRF serializer and one `bulk_create` a request.

These are its table and addresses; `peer_wsgi` runs them in the same server, with the same threads, behind the
middleware of the house, as any endpoint of its API. The peer is DRF's own way, a ModelSerializer, which also asks the
database whether a number is new; under /plain/ stands one that checks shapes only and leaves that to the index.
"""

from typing import Any

from django.db import connection, models
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class PeerEvent(models.Model):
    """An event as most houses would keep it: a row with two JSON columns, unique by its number."""

    message_id = models.CharField(max_length=100, unique=True)
    type = models.CharField(max_length=20)
    event = models.CharField(max_length=100, blank=True)
    anonymous_id = models.CharField(max_length=100)
    timestamp = models.DateTimeField()
    context = models.JSONField()
    properties = models.JSONField()

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.message_id


class ModelSerializer(serializers.ModelSerializer[PeerEvent]):
    """Checks one event as its table says."""

    class Meta:
        model = PeerEvent
        exclude = ("id",)


class PlainSerializer(serializers.Serializer[Any]):
    """Checks only the shape of one event."""

    message_id = serializers.CharField(max_length=100)
    type = serializers.ChoiceField(choices=["track", "page", "screen", "identify"])
    event = serializers.CharField(max_length=100, required=False, default="")
    anonymous_id = serializers.CharField(max_length=100)
    timestamp = serializers.DateTimeField()
    context = serializers.JSONField()
    properties = serializers.JSONField()


class Events(APIView):
    """Takes `{"batch": [...]}`, or one event."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    serializer: type[serializers.BaseSerializer[Any]] = ModelSerializer

    def post(self, request: Request) -> Response:
        """Check and keep them."""
        events = request.data.get("batch") or [request.data]
        serializer = self.serializer(data=[_named(one) for one in events], many=True)
        serializer.is_valid(raise_exception=True)
        PeerEvent.objects.bulk_create(PeerEvent(**one) for one in serializer.validated_data)
        return Response({"success": True})


def _named(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "message_id": one["messageId"], "anonymous_id": one["anonymousId"]}


def make_table() -> None:
    """This will make the peer's table in the database that is in use."""
    with connection.schema_editor() as editor:
        editor.create_model(PeerEvent)


_plain = Events.as_view(serializer=PlainSerializer)
urlpatterns = [
    *[path(f"v1/{kind}", Events.as_view()) for kind in ("batch", "track")],
    *[path(f"plain/v1/{kind}", _plain) for kind in ("batch", "track")],
]
