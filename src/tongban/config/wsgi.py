"""The WSGI application that Granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from tongban.config.start import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
application = get_wsgi_application()
refuse_unsafe_start()
