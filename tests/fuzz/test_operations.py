"""Every operation of the API's description, asked for what the description allows and for what it does not.

No 5xx, no answer that is not described, none that looks otherwise than described, and nothing taken that the
description forbids. `FUZZ_EXAMPLES` says how many examples an operation gets (`make fuzz`: 200, after the edges of each
parameter); the same ones at each run.
"""

import pytest
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.generation.hypothesis.builder import HypothesisTestConfig, HypothesisTestMode, create_test
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import negative_data_rejection

from tests.fuzz.service import EXAMPLES, EXCLUDED, SCHEMA, headers_of

MODES = [HypothesisTestMode.FUZZING] if EXAMPLES <= 20 else list(HypothesisTestMode)
OPERATIONS = [operation.ok() for operation in SCHEMA.get_all_operations()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_an_operation_does_what_its_description_says(operation: APIOperation, rows: str) -> None:
    def ask(case: Case) -> None:
        # An item of a batch that is wrong has its own result, and the batch is answered with 200.
        excluded = [*EXCLUDED, negative_data_rejection] if "/batch/" in operation.path else EXCLUDED
        case.call_and_validate(headers=headers_of(rows), excluded_checks=excluded)

    enough = settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    config = HypothesisTestConfig(SCHEMA.config, MODES, settings=enough)
    create_test(operation=operation, test_func=ask, config=config)()
