"""Checks: the rows of a file of `data/` against every rule of their declaration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence.sources import LARGEST_NUMBER, MOST, Column, Table
from cityresearch.evidence.texts import UNSEEN

LARGEST = 200_000_000  # bytes of a table
Correct = Callable[[pd.DataFrame], pd.DataFrame]
DATE = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"


def read(path: Path) -> pd.DataFrame:
    """The rows of a file of `data/`, not checked yet; of a CSV every cell as text."""
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])


def read_checked(
    path: Path, table: Table, where: str, correct: Correct | None = None
) -> pd.DataFrame:
    """The rows of a file of `data/`, of a bounded size, as `check` gives them.

    Args:
        correct: is given the rows, of the declared types, before they are held to the other rules.

    Raises:
        ResearchError: as `check`, and where the file is too large or no table at all.
    """
    size = path.stat().st_size
    if size > LARGEST:
        raise ResearchError(f"the file has {size:,} bytes; the most is {LARGEST:,}.", where=where)
    try:
        rows = read(path)
    except (ValueError, OSError) as error:  # what pandas and pyarrow raise is of these kinds
        said = " ".join(str(error).split())
        raise ResearchError(f"this is no table that can be read: {said}.", where=where) from None
    if correct is None:
        return check(rows, table, where)
    return check_corrected(typed(rows, table, where), table, where, correct)


def check_corrected(
    frame: pd.DataFrame, table: Table, where: str, correct: Correct
) -> pd.DataFrame:
    """The frame, of the declared types, as it is corrected, if that keeps every rule.

    Raises:
        ResearchError: a correction that does not fit, or the first rule broken.
    """
    made = correct(frame)
    found = check(made, table, f"{where} as corrected")
    found.attrs = made.attrs
    return found


def check(frame: pd.DataFrame, table: Table, where: str) -> pd.DataFrame:
    """The frame with the declared types, if it keeps every rule of its declaration.

    Raises:
        ResearchError: the first rule broken, with file, column, row and key.
    """
    found = typed(frame, table, where)
    _check_rules(found, table, where)
    return found


def typed(frame: pd.DataFrame, table: Table, where: str) -> pd.DataFrame:
    """The frame with the declared columns and types, not held to the other rules yet.

    Raises:
        ResearchError: a column or value that does not fit, with file, column, row and key.
    """
    _check_names(list(frame.columns), list(table.columns), where)
    made = pd.DataFrame(index=frame.index)
    for name, column in table.columns.items():
        values = frame[name]
        wrong = _not_of_type(values, column)
        if wrong.any():
            row = int(wrong.to_numpy().argmax())
            raise _refusal(f"is not {TYPE_NAMES[column.type]}", name, row, frame, table, where)
        made[name] = _convert(values, column)
    return made


def _check_names(found: list[str], declared: list[str], where: str) -> None:
    for name in declared:
        if name not in found:
            hint = did_you_mean(name, found)
            raise ResearchError(f"the column '{name}' is missing.", where=where, instead=hint)
    for name in found:
        if name not in declared:
            hint = "Declare it in source.yml or leave it out."
            raise ResearchError(f"the column '{name}' is not declared.", where=where, instead=hint)


TYPE_NAMES = {
    "text": "text that can be printed",
    "integer": "a whole number",
    "number": "a number",
    "date": "a date (YYYY, YYYY-MM or YYYY-MM-DD)",
    "flag": "true or false",
}


def _not_of_type(values: pd.Series, column: Column) -> pd.Series:
    """True for each cell that has a value which the declared type can't hold."""
    filled = values.notna()
    if column.type in ("integer", "number"):
        numbers = pd.to_numeric(values, errors="coerce").astype("float64")
        held = numbers.abs() <= (MOST if column.type == "integer" else LARGEST_NUMBER)
        whole = (numbers % 1 == 0) | (column.type == "number")
        return filled & ~(held & whole)
    if column.type == "date":
        return filled & ~values.astype("str").str.fullmatch(DATE)
    if column.type == "flag":
        return filled & ~values.astype("str").str.lower().isin(["true", "false"])
    # In Python: the expressions of pandas' own texts know no lone halves of signs.
    return pd.Series([bool(UNSEEN.search(str(text))) for text in values], values.index) & filled


def _convert(values: pd.Series, column: Column) -> pd.Series:
    empty = bool(values.isna().any())
    if column.type == "number":
        return pd.to_numeric(values).astype("float64")
    if column.type == "integer":
        numbers = pd.to_numeric(values)
        return numbers.astype("Int64" if empty or column.nullable else "int64")
    if column.type == "flag":
        flags = values.astype("str").str.lower().map({"true": True, "false": False})
        return flags.astype("boolean" if empty or column.nullable else "bool")
    return values.astype("str")


def _check_rules(frame: pd.DataFrame, table: Table, where: str) -> None:
    """Nullability, ranges, patterns, choices and the key, by pandera.

    Raises:
        ResearchError: the first rule broken.
    """
    import pandera.pandas as pandera  # loaded here, because listing a collection needs no check
    from pandera.errors import SchemaErrors

    columns = {
        name: pandera.Column(None, _rules(pandera, column), nullable=column.nullable, title=name)
        for name, column in table.columns.items()
    }
    schema = pandera.DataFrameSchema(columns, unique=table.key)
    try:
        schema.validate(frame.reset_index(drop=True), lazy=True)
    except SchemaErrors as error:
        case = error.failure_cases.sort_values("index", kind="stable").iloc[0]
        raise _broken(case, frame, table, where) from None


def _rules(pandera: Any, column: Column) -> list[Any]:
    checks: list[Any] = []
    if column.range:
        low, high = column.range
        bound: list[tuple[float | None, Callable[..., Any]]] = [
            (low, pandera.Check.ge),
            (high, pandera.Check.le),
        ]
        for limit, rule in bound:
            if limit is not None:
                text = f"is {'below' if limit is low else 'above'} the range's limit {limit:g}"
                checks.append(rule(limit, error=text))
    if column.pattern:
        text = f"doesn't have the form {column.pattern}"
        checks.append(pandera.Check.str_matches(column.pattern, error=text))
    if column.choices is not None:
        text = f"is none of {', '.join(column.choices)}"
        checks.append(pandera.Check.isin(column.choices, error=text))
    return checks


def _broken(case: Any, frame: pd.DataFrame, table: Table, where: str) -> ResearchError:
    row = int(case["index"])
    if case["schema_context"] != "Column":
        keys = ", ".join(table.key)
        return _refusal("is the key of another row already", keys, row, frame, table, where)
    if case["check"] == "not_nullable":
        return _refusal("where a value must be", case["column"], row, frame, table, where)
    return _refusal(case["check"], case["column"], row, frame, table, where)


def _refusal(
    what: str, column: str, row: int, frame: pd.DataFrame, table: Table, where: str
) -> ResearchError:
    """The message for one cell; rows are counted as in the file, whose first line is the header."""
    cells = frame.iloc[row]
    value = ", ".join(_shown(cells[name]) for name in column.split(", "))
    city = ", ".join(f"{name} {_shown(cells[name])}" for name in table.key)
    name = next((_shown(cells[n]) for n in ("name", "place", "agency") if n in frame.columns), "")
    place = f"{where}, column {column}, row {row + 2}"
    return ResearchError(f"{value} {what}.", where=place, city=f"{city} ({name})" if name else city)


def _shown(value: Any) -> str:
    return "an empty cell" if pd.isna(value) else f"'{value}'"
