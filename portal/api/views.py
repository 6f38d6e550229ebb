"""The REST interface: the client's own rows, read only, by session or token."""

from datetime import datetime
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from advisory.inbox import selectors as inbox
from clients.ledger import selectors as ledger
from clients.org import logins
from clients.org import selectors as org
from clients.org.models import User
from clients.register import selectors as register
from clients.register.models import Client
from clients.shared import clock
from portal.api.serializers import (
    HoldingsSerializer,
    LoginSerializer,
    MeSerializer,
    MessageSerializer,
    TokenSerializer,
)


class TokenView(APIView):
    """A token for a program: made or given again at a login, taken back at the end."""

    def get_authenticators(self) -> list[Any]:
        asked = self.request.method if self.request else None
        return [] if asked == "POST" else super().get_authenticators()

    def get_permissions(self) -> Any:
        return [AllowAny()] if self.request.method == "POST" else super().get_permissions()

    @extend_schema(
        request=LoginSerializer,
        responses={200: TokenSerializer, 400: OpenApiResponse(description="They do not go together"),
                   429: OpenApiResponse(description="Too many attempts")},
        auth=[],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Give the token of the client with this name and password."""
        typed = LoginSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        given = {"username": typed.validated_data["login"], "password": typed.validated_data["password"]}
        user = logins.who_is(request._request, kind=User.Kind.CLIENT, **given)
        if user is None:
            detail = _("This name and password do not go together. Check both and try again.")
            return Response({"detail": detail}, status=status.HTTP_400_BAD_REQUEST)
        user_logged_in.send(sender=User, request=request._request, user=user)
        return Response({"token": Token.objects.get_or_create(user=user)[0].key})

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Take the client's token back: every program that has it is out."""
        Token.objects.filter(user=request.user.pk).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(generics.GenericAPIView):
    """Who I am to the branch."""

    serializer_class = MeSerializer

    def get(self, request: Request) -> Response:
        """Return the client with branch, manager and risk level."""
        now = clock.now()
        day, client = clock.shanghai_day(now), _client(request, now)
        risk = register.newest_assessment(client.pk, day)
        if client.manager:
            client.manager.licence_no = org.licence_number(client.manager, day)  # type: ignore[attr-defined]
        if risk:
            risk.valid = risk.valid_to >= day  # type: ignore[attr-defined]
        client.risk = risk  # type: ignore[attr-defined]
        return Response(self.get_serializer(client, context={"request": request, "now": now}).data)


class MessagesView(generics.ListAPIView):
    """My messages, newest first, page by page along `next`."""

    serializer_class = MessageSerializer

    def get_queryset(self) -> Any:
        user = self.request.user if self.request else AnonymousUser()  # the schema is made without a request
        return inbox.messages_of(user, clock.now())


class HoldingsView(generics.GenericAPIView):
    """What I hold."""

    serializer_class = HoldingsSerializer

    def get(self, request: Request) -> Response:
        """Return the holdings at the close of the last settled day, largest value first."""
        client, day = _client(request, clock.now()), ledger.last_day()
        rows = ledger.holdings(client.pk, day) if day else []
        return Response(self.get_serializer({"day": day, "holdings": rows}).data)


def _person(request: Request) -> User:
    """The login that IsClient let in."""
    return cast(User, request.user)


def _client(request: Request, now: datetime) -> Client:
    try:
        return register.own_client(_person(request), now)
    except Client.DoesNotExist as missing:
        raise NotFound from missing
