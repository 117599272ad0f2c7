"""Claims as Parquet, piece by piece; needs the package pyarrow, which the service does not.

The only module that imports it, so that everything else runs without. Rows are written in groups of `GROUP_ROWS`, and
each group is sent and forgotten once it is written; what stays is the file's footer, some kilobytes a group.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow
import pyarrow.parquet

from claims.formats.tables import COLUMNS, Answer, Pages

GROUP_ROWS = 5_000
"""A million rows took a process to 190 MB with these: to 196 with groups of 10,000, which wait in memory, and to 203
with groups of 2,000, whose descriptions do."""

_TYPES = {
    "text": pyarrow.string(),
    "integer": pyarrow.int64(),
    "number": pyarrow.float64(),
    "day": pyarrow.date32(),
    "moment": pyarrow.timestamp("us", tz="UTC"),
}
# The footer is kept until the end: the least and greatest text of each group would be most of it, and help nobody.
_STATISTICS = [column.name for column in COLUMNS if column.kind != "text"]
SCHEMA = pyarrow.schema([(column.name, _TYPES[column.kind]) for column in COLUMNS])


# Arrow's own allocator would keep a second heap beside Python's: 10 MB more, of a worker that is held to 200.
pyarrow.set_memory_pool(pyarrow.system_memory_pool())


class _Sink:
    """A file that only goes forward and keeps what was written until it is taken."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        return len(part)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing to close."""

    def take(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def table_parquet(pages: Pages) -> Iterator[bytes]:
    """A Parquet file with the columns of the CSV table, typed; texts are as they are."""
    sink = _Sink()
    waiting: list[Any] = []  # as columns: the answers themselves would take ten times as much
    number = 0
    # Most columns hold a text of their own in each row: dictionaries would cost 10 MB and make the file larger.
    options = {"compression": "zstd", "use_dictionary": False, "write_statistics": _STATISTICS}
    with pyarrow.parquet.ParquetWriter(pyarrow.PythonFile(sink, mode="w"), SCHEMA, **options) as writer:
        for page in pages:
            waiting.append(_columns(page))
            number += len(page)
            if number >= GROUP_ROWS:
                writer.write_table(pyarrow.Table.from_batches(waiting), row_group_size=number)
                waiting, number = [], 0
                yield sink.take()
        if waiting:
            writer.write_table(pyarrow.Table.from_batches(waiting), row_group_size=number)
    yield sink.take()


def _columns(claims: Sequence[Answer]) -> Any:
    arrays = [pyarrow.array([column.value(claim) for claim in claims], _TYPES[column.kind]) for column in COLUMNS]
    return pyarrow.RecordBatch.from_arrays(arrays, schema=SCHEMA)
