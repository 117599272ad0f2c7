"""A client that `openapi-python-client` makes from our description, as a user of the API would, against the server."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.claims.factories import make_claim, make_speaker, make_token

NAME = "desk_client"
MAKER = Path(sys.executable).with_name("openapi-python-client")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The client's code, made without a network, on the path of imports."""
    folder = tmp_path_factory.mktemp("client")
    described, config = folder / "schema.json", folder / "config.yml"
    described.write_bytes(orjson.dumps(SchemaGenerator().get_schema(public=True)))
    config.write_text("post_hooks: []\n", encoding="ascii")  # formatting is for people
    command = [MAKER, "generate", "--path", described, "--output-path", folder / NAME, "--meta", "none"]
    made = subprocess.run([*command, "--config", config], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "will not be generated" not in made.stdout
    sys.path.insert(0, str(folder))
    yield NAME
    sys.path.remove(str(folder))
    for name in [one for one in sys.modules if one.partition(".")[0] == NAME]:
        del sys.modules[name]


@pytest.fixture
def module(package: str) -> Any:
    def load(name: str) -> ModuleType:
        return importlib.import_module(f"{package}.{name}")

    return load


@pytest.fixture
def anybody(module: Any, live_server: Any) -> Any:
    return module("client").Client(base_url=live_server.url, raise_on_unexpected_status=True)


@pytest.fixture
def editor(module: Any, live_server: Any) -> Any:
    known = module("client").AuthenticatedClient
    return known(base_url=live_server.url, token=make_token("fact-checker"), raise_on_unexpected_status=True)


def test_it_lists_and_filters(module: Any, anybody: Any) -> None:
    speaker = make_speaker("Ana Duarte", slug="ana-duarte")
    claim = make_claim(speaker, kind="direct")
    make_claim(speaker, kind="indirect")
    make_claim(kind="direct")
    claims_list = module("api.claims.claims_list")
    kind = module("models.claims_list_kind").ClaimsListKind.DIRECT
    page = claims_list.sync(client=anybody, speaker=["ana-duarte"], kind=kind, count=True)
    assert [one.id for one in page.results] == [claim.pk]
    assert (page.results[0].speakers[0].slug, page.count) == ("ana-duarte", 1)


def test_it_leaves_out_what_is_negated(module: Any, anybody: Any) -> None:
    make_claim(kind="direct")
    other = make_claim(kind="mixed")
    negated = module("models.claims_list_negated").ClaimsListNegated.from_dict({"kind!": "direct"})
    page = module("api.claims.claims_list").sync(client=anybody, negated=negated)
    assert [one.id for one in page.results] == [other.pk]


def test_it_follows_pages_to_the_end(module: Any, anybody: Any) -> None:
    ids = {make_claim().pk for _ in range(5)}
    claims_list, unset = module("api.claims.claims_list"), module("types").UNSET
    seen: list[int] = []
    cursor: Any = unset
    while cursor is not None:
        page = claims_list.sync(client=anybody, page_size=2, cursor=cursor)
        seen += [one.id for one in page.results]
        cursor = page.next_.partition("cursor=")[2].partition("&")[0] if page.next_ else None
    assert (len(seen), set(seen)) == (5, ids)


def test_it_posts_and_reads_what_it_posted(module: Any, editor: Any) -> None:
    claim = make_claim()
    body = module("models.note_write_request").NoteWriteRequest(claim=claim.pk, text="Look at the budget.")
    note = module("api.notes.notes_create").sync(client=editor, body=body)
    assert (note.claim, note.text) == (claim.pk, "Look at the budget.")
    assert module("api.notes.notes_retrieve").sync(note.id, client=editor) == note


@pytest.mark.parametrize(
    ("ask", "code", "field"),
    [
        pytest.param(
            lambda notes, body, editor: notes.sync(client=editor, body=body(claim=0, text="x")), "invalid", "claim"
        ),
        pytest.param(
            lambda notes, body, editor: notes.sync(client=editor, body=body(claim=1, text="")), "invalid", "text"
        ),
    ],
    ids=["no such claim", "no text"],
)
def test_what_is_wrong_comes_as_a_typed_error(ask: Any, code: str, field: str, module: Any, editor: Any) -> None:
    make_claim()
    body = module("models.note_write_request").NoteWriteRequest
    error = ask(module("api.notes.notes_create"), body, editor)
    assert isinstance(error, module("models.error").Error)
    assert error.error.code == code
    assert field in [one.field for one in error.error.fields]


def test_errors_of_every_kind_are_typed(module: Any, anybody: Any, editor: Any) -> None:
    error = module("models.error").Error
    body = module("models.note_write_request").NoteWriteRequest(claim=make_claim().pk, text="x")
    refused = module("api.notes.notes_create").sync_detailed(client=anybody, body=body)
    assert (refused.status_code, type(refused.parsed)) == (401, error)
    absent = module("api.claims.claims_retrieve").sync_detailed(999_999, client=anybody)
    assert (absent.status_code, absent.parsed.error.code) == (404, "not_found")
    forbidden = module("api.webhooks.webhooks_list").sync_detailed(client=editor)
    assert (forbidden.status_code, type(forbidden.parsed)) == (403, error)
    strange = module("api.claims.claims_list").sync_detailed(client=anybody, page_size=501)
    assert (strange.status_code, strange.parsed.error.fields[0].field) == (400, "page_size")
