"""WSGI entry point.

Behind a proxy the peer's address is the proxy's, and everybody would share one limit on log-ins and requests. From
the proxies named by `TRUSTED_PROXIES`, and only from them, X-Forwarded-For gives the client's address. Do not read
that header elsewhere: anybody can send it.
"""

import os
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")

Application = Callable[..., Any]


def behind_proxies(application: Application, trusted: list[str]) -> Application:
    """The application, told the client's address by those proxies; unchanged if there are none."""
    return wrap_wsgi_with_proxy_headers(application, trusted_hosts=trusted) if trusted else application


application = behind_proxies(get_wsgi_application(), settings.TRUSTED_PROXIES)
