"""Runs the peer in a server: its addresses instead of the house's."""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()
settings.ROOT_URLCONF = "bench.capturing.peer"
application = get_wsgi_application()
