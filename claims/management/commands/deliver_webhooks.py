"""`deliver_webhooks`: sends what subscribers are to be told, for as long as it runs."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.services.drain import drain_once, drain_until


class Command(BaseCommand):
    help = "Sends what subscribers are to be told until it is stopped; `serve` does this by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due now, and end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            tally = drain_once()
            self.stdout.write(f"{tally.delivered} delivered, {tally.failed} failed")
            if tally.failed:
                raise CommandError("some messages did not arrive; they will be tried again, see the log in the admin")
            return
        stopped = threading.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: stopped.set())
        self.stdout.write("sending webhooks as they come; stop with Ctrl-C")
        self.stdout.flush()
        drain_until(stopped)
