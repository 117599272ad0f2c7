"""WSGI entry point.

Behind a proxy the peer's address is the proxy's, and everybody would share one limit on log-ins and requests. From
the proxies named by `TRUSTED_PROXIES`, and only from them, X-Forwarded-For gives the client's address. Do not read
that header elsewhere: anybody can send it.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
application = get_wsgi_application()
if settings.TRUSTED_PROXIES:
    application = wrap_wsgi_with_proxy_headers(application, trusted_hosts=settings.TRUSTED_PROXIES)
