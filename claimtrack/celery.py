"""The work queue for several machines; only where `CELERY_BROKER_URL` is set, and not needed otherwise.

Workers start with `celery -A claimtrack worker -B`; `-B` adds the clock, which one of them must have. Messages carry
ids only: the rows are the truth, so a message that is lost or comes twice costs nothing. What must not be lost (an
event to be told) is a row first, and the clock asks for it again and again.

Tasks are acknowledged when they are done, so that one whose worker dies goes to another. Redis gives a message out
again when `visibility_timeout` is over, done or not: it is longer than any task's time limit. Results are not kept.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")

TASK_SECONDS = 600
WEBHOOKS_EVERY = 5.0  # seconds
app = Celery("claimtrack")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_soft_time_limit=TASK_SECONDS - 30,
    task_time_limit=TASK_SECONDS,
    worker_prefetch_multiplier=1,  # an article may take seconds: the next ones go to whoever is free
    worker_hijack_root_logger=False,  # the project's own log lines
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 2 * TASK_SECONDS},
    beat_schedule={
        "webhooks": {"task": "claims.deliver_webhooks", "schedule": WEBHOOKS_EVERY, "options": {"expires": 60}}
    },
    beat_schedule_filename=os.path.join(os.environ.get("TMPDIR", "/tmp"), "claimtrack-beat"),  # noqa: S108
)
app.autodiscover_tasks(["claims"])
