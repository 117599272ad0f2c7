"""Ways through the API that follow its links: what is listed or made is read, changed, and read again."""

from typing import Any

from hypothesis import HealthCheck, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import ignored_auth

from tests.fuzz.service import EXAMPLES, EXCLUDED, described, headers_of

STEPS = 12
LEFT_OUT = [
    *EXCLUDED,
    ignored_auth,
]  # it takes the token of each step for an invented one; operations are tried without
AROUND_CLAIMS = r"^/api/v1/(claims|notes|verdicts)/(\{id\}/)?$"


def test_what_links_lead_to_does_what_the_description_says(rows: str) -> None:
    walked: set[str] = set()
    schema = described()
    # What is forbidden is tried operation by operation; here it would only end the way.
    schema.config.generation.update(modes=[GenerationMode.POSITIVE], with_security_parameters=False)

    class Journey(schema.include(path_regex=AROUND_CLAIMS).as_state_machine()):  # type: ignore[misc]  # made at run time
        def before_call(self, case: Case) -> None:
            case.query = {}  # for the same reason

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            return {"headers": headers_of(rows)}

        def validate_response(self, response: Response, case: Case, **options: Any) -> None:
            more = options.pop("additional_checks", None)
            case.validate_response(response, additional_checks=more, excluded_checks=LEFT_OUT, transport_kwargs=options)
            walked.add(f"{case.operation.label} {response.status_code}")

    Journey.run(
        settings=settings(
            max_examples=EXAMPLES * 2,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
    )
    made = {"POST /api/v1/notes/ 201"}
    read = {f"GET /api/v1/{noun}/{{id}}/ 200" for noun in ("claims", "notes", "verdicts")}
    changed = {"PATCH /api/v1/notes/{id}/ 200"}
    assert sorted((made | read | changed) - walked) == []
