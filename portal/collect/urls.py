"""Addresses of capture for staff; those of the API stand in `collector`, in front of Django."""

from django.urls import path

from portal.collect import stream

app_name = "collect"
urlpatterns = [path("", stream.show, name="stream")]
