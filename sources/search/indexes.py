"""The full-text indexes in the database, kept by the database itself.

PostgreSQL gets a generated column `fulltext` and a GIN index over it; SQLite an FTS5 table beside the table, which
holds no text of its own and is kept by triggers. Neither is a field of a model: the framework knows no kind of column
that both could have. Whoever writes rows, by whatever way, need not know of them.

SQLite drops a table's triggers when the framework rebuilds the table, as many migrations do. So they are looked for
after every `migrate` (`mend`), and where one is missing the index is filled anew. Do not add such an index without
naming it in its app's `apps.py`.

Migrations call `create`: what it writes for the indexes that there are must not change; another form of index is
another function, and a migration that calls it.
"""

from typing import Any

MAX_INDEXED = 200_000
"""Characters of a text that PostgreSQL indexes: a tsvector holds a megabyte, and a longer text would not be stored."""

# Signs that make PostgreSQL's parser see numbers, addresses and paths; as blanks they leave words, as FTS5 sees them.
_SEPARATORS = ".,-/@:<>&+~#%=?_’'…"
_WEIGHTS = "ABCD"


def create(schema_editor: Any, table: str, columns: tuple[str, ...]) -> None:
    """Makes and fills the index over columns of a table, the weightiest first."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f'ALTER TABLE "{table}" ADD COLUMN fulltext tsvector GENERATED ALWAYS AS ({_vector(columns)}) STORED',
            None,  # no parameters: a percent sign is one
        )
        schema_editor.execute(f'CREATE INDEX "{table}_fulltext" ON "{table}" USING gin (fulltext)')
        return
    names = ", ".join(f'"{column}"' for column in columns)
    schema_editor.execute(
        f'CREATE VIRTUAL TABLE "{table}_fulltext" USING fts5({names}, content="{table}", content_rowid="id",'
        " tokenize='unicode61 remove_diacritics 2')"
    )
    for statement in _triggers(table, columns).values():
        schema_editor.execute(statement)
    schema_editor.execute(_rebuild(table))


def drop(schema_editor: Any, table: str, columns: tuple[str, ...]) -> None:
    """Takes the index away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'ALTER TABLE "{table}" DROP COLUMN fulltext')
        return
    for name in _triggers(table, columns):
        schema_editor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
    schema_editor.execute(f'DROP TABLE "{table}_fulltext"')


def mend(connection: Any, table: str, columns: tuple[str, ...]) -> bool:
    """Puts back triggers that a rebuilt table lost, and fills the index anew; whether that was needed."""
    if connection.vendor != "sqlite":
        return False
    triggers = _triggers(table, columns)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name = %s OR tbl_name = %s", [f"{table}_fulltext", table])
        present = {name for (name,) in cursor.fetchall()}
        if f"{table}_fulltext" not in present or triggers.keys() <= present:
            return False
        for statement in triggers.values():
            cursor.execute(statement)
        cursor.execute(_rebuild(table))
    return True


def _rebuild(table: str) -> str:
    return f'INSERT INTO "{table}_fulltext" ("{table}_fulltext") VALUES (\'rebuild\')'  # noqa: S608


def _vector(columns: tuple[str, ...]) -> str:
    parts = [
        f"setweight(to_tsvector('simple', {_folded(column)}), '{weight}')"
        for column, weight in zip(columns, _WEIGHTS, strict=False)
    ]
    return " || ".join(parts)


def _folded(column: str) -> str:
    """The text without the accents of Latin letters, and with blanks for signs; the dictionary makes letters small."""
    apart = f'normalize(left("{column}", {MAX_INDEXED}), NFD)'
    plain = rf"normalize(regexp_replace({apart}, '([A-Za-z])[\u0300-\u036f]+', '\1', 'g'), NFC)"
    signs = _SEPARATORS.replace("'", "''")
    return f"translate({plain}, '{signs}', '{' ' * len(_SEPARATORS)}')"


def _triggers(table: str, columns: tuple[str, ...]) -> dict[str, str]:
    """The statements that make them, by name."""
    index = f'"{table}_fulltext"'
    names = ", ".join(f'"{column}"' for column in columns)
    old = ", ".join(f'old."{column}"' for column in columns)
    new = ", ".join(f'new."{column}"' for column in columns)
    changed = " OR ".join(f'old."{column}" IS NOT new."{column}"' for column in columns)
    remove = f"INSERT INTO {index} ({index}, rowid, {names}) VALUES ('delete', old.id, {old});"  # noqa: S608
    add = f"INSERT INTO {index} (rowid, {names}) VALUES (new.id, {new});"  # noqa: S608
    parts = {
        "insert": f'AFTER INSERT ON "{table}" BEGIN {add} END',
        "delete": f'AFTER DELETE ON "{table}" BEGIN {remove} END',
        "update": f'AFTER UPDATE OF {names} ON "{table}" WHEN {changed} BEGIN {remove} {add} END',
    }
    return {
        f"{table}_fulltext_{name}": f'CREATE TRIGGER IF NOT EXISTS "{table}_fulltext_{name}" {body}'
        for name, body in parts.items()
    }
