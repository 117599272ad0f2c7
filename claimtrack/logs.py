"""Logs: one JSON object a line, each with the id of the request that it belongs to.

What is never logged: request and answer bodies, query strings (they hold names that people search for), cookies and
`Authorization`. Do not add the raw request to a log call; log what happened.
"""

import contextvars
import json
import logging
from datetime import UTC, datetime
from typing import Any

import orjson

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

# Whatever a caller passes as `extra` becomes an attribute of the record, beside its own; Django's own loggers attach
# values that hold the whole request.
_PRIVATE = {"request", "server_time", "params", "sql"}
_LEFT_OUT = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"} | _PRIVATE


def _encode(row: dict[str, Any]) -> str:
    try:
        return orjson.dumps(row, default=str).decode()
    except TypeError:  # half a letter, or a number of more than 64 bits
        return json.dumps(row, ensure_ascii=False, default=str)


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON: time, level, logger, message, request id, then the call's `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line, without a line end."""
        row = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            row["request_id"] = request_id.get()
        row.update({name: value for name, value in vars(record).items() if name not in _LEFT_OUT})
        if record.exc_info:
            row["exception"] = self.formatException(record.exc_info)
        return _encode(row)


def logging_config(*, level: str, form: str) -> dict[str, Any]:
    """Python's `dictConfig` for the service; also spares each record what none of our lines shows.

    Args:
        level: Least level that is written, as `logging` names it, in lower case.
        form: `json`, or `text` for a person at a terminal.
    """
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "claimtrack.logs.JsonFormatter"},
            "text": {"format": "%(asctime)s %(levelname)s %(message)s", "datefmt": "%H:%M:%S"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # One line a request comes from our middleware; this logger keeps what has a traceback.
            "django.request": {"level": "ERROR"},
            # A scanner's invented host name is refused with 400, which our line says already.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "propagate": True},
            "axes": {"level": "WARNING"},  # four lines for each log-in otherwise
            # The parser reports a page without an article itself, by name.
            "trafilatura": {"level": "CRITICAL"},
            "htmldate": {"level": "CRITICAL"},
            "courlan": {"level": "CRITICAL"},
            # The server announces each worker on start and stop; the summary says it once.
            "_granian": {"level": "WARNING", "handlers": [], "propagate": True},
        },
    }
