"""The API's description bound to the service itself, in this process."""

import os

import orjson
import schemathesis
from django.core.wsgi import get_wsgi_application
from drf_spectacular.generators import SchemaGenerator
from schemathesis.specs.openapi.checks import positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema


def described() -> OpenApiSchema:
    """A fresh reading of it."""
    application = get_wsgi_application()
    schema = schemathesis.openapi.from_dict(orjson.loads(orjson.dumps(SchemaGenerator().get_schema(public=True))))
    schema.app = application
    schema.location = "/api/v1/schema/"
    schema.config.output.sanitization.update(enabled=False)  # all here is invented, and a finding shows what was sent
    return schema


def headers_of(authorization: str) -> dict[str, str]:
    """What each request carries; answers come uncompressed, since the caller takes them as they are."""
    return {"Authorization": authorization, "Accept-Encoding": "identity"}


EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "20"))
SCHEMA = described()
# That a value fits its type does not make it the id of a row, the slug of a rating or a day that is not to come.
EXCLUDED = [positive_data_acceptance]
