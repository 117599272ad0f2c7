"""Settings that are put together from one variable."""

import pytest
from django.utils.module_loading import import_string

from claimtrack import settings

CACHES = "django.core.cache.backends"


@pytest.mark.parametrize(
    ("url", "backend", "location", "folder"),
    [
        pytest.param("", f"{CACHES}.locmem.LocMemCache", None, "", id="unset"),
        pytest.param("memory:", f"{CACHES}.locmem.LocMemCache", None, "", id="memory"),
        pytest.param("file:///srv/counts", f"{CACHES}.locmem.LocMemCache", None, "/srv/counts", id="file"),
        pytest.param("redis://a:6379/1", f"{CACHES}.redis.RedisCache", "redis://a:6379/1", "", id="redis"),
    ],
)
def test_cache(monkeypatch: pytest.MonkeyPatch, url: str, backend: str, location: str | None, folder: str) -> None:
    monkeypatch.setenv("CACHE_URL", url)
    config, counted_in = settings._cache()
    assert (config["BACKEND"], config.get("LOCATION"), counted_in) == (backend, location, folder)
    assert import_string(backend)


@pytest.mark.parametrize(
    ("url", "engine", "name"),
    [
        pytest.param("sqlite:////srv/desk.sqlite3", "django.db.backends.sqlite3", "/srv/desk.sqlite3", id="sqlite"),
        pytest.param("postgres://u:p%40ss@db/desk", "claimtrack.postgresql", "desk", id="postgresql"),
    ],
)
def test_database(monkeypatch: pytest.MonkeyPatch, url: str, engine: str, name: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    config = settings._database()
    assert (config["ENGINE"], config["NAME"]) == (engine, name)
    if engine.endswith("postgresql"):
        assert config["PASSWORD"] == "p@ss"
    else:
        assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
