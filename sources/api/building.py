"""The function that makes answers of rows, written once for each selection of fields.

Looking up, for each row, what is the same for all of them took longer than making the answers. So the loop is written
out, one expression for each field, as the standard library makes its data classes. Nothing of it comes from a reader:
only the names of a shape's own fields and methods.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Build = Callable[[Any, Sequence[Sequence[Any]]], list[dict[str, Any]]]
"""Takes a shape and rows, and gives the answers."""


def builder(
    made: Mapping[str, tuple[str, Sequence[int]]], converters: Mapping[int, Callable[[Any], Any]], width: int
) -> Build:
    """The function for rows of so many columns.

    Args:
        made: For each field of the answer the shape's method that makes it, empty where the first of its columns is its
            value; and where in a row these stand.
        converters: For some columns what makes the value of what the driver gave; it never gets None.
        width: Columns of a row, those behind the fields' own included.
    """

    def value(at: int) -> str:
        return f"(c{at} if c{at} is None else convert_{at}(c{at}))" if at in converters else f"c{at}"

    def answer(make: str, places: Sequence[int]) -> str:
        return f"make_{make}({', '.join(map(value, places))})" if make else value(places[0])

    fields = ", ".join(f"{name!r}: {answer(*how)}" for name, how in made.items())
    lines = [
        "def build(shape, rows):",
        *(f"    make_{make} = shape.{make}" for make in sorted({make for make, _ in made.values() if make})),
        f"    return [{{{fields}}} for ({', '.join(f'c{at}' for at in range(width))},) in rows]",
    ]
    known: dict[str, Any] = {f"convert_{at}": convert for at, convert in converters.items()}
    exec("\n".join(lines), known)  # noqa: S102  (our own names, see above)
    return known["build"]  # type: ignore[no-any-return]
