"""The web process: the collector of events, and Django behind it, in granian."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# By name, because what the collector imports needs Django to be set up.
_django = get_wsgi_application()
application = import_string("portal.collect.collector.in_front_of")(_django)
