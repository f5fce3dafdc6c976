"""Consumer prices for turning dollars of one year into dollars of another."""

from __future__ import annotations

import pandas as pd

from cityresearch.evidence.mirror import Mirror

MONTHS = 12
# The Bureau's code of each series, and what it is the price of.
ITEMS = {
    "CUUR0000SA0": "all_items",
    "CUUR0000SEHG01": "water_and_sewerage",
    "CUUR0000SETG": "public_transportation",
    "CUUR0000SETB01": "gasoline",
    "CUUR0000SEHA": "rent",
}


def build(mirror: Mirror) -> dict[str, pd.DataFrame]:
    """The table `annual`."""
    return {"annual": annual(mirror.csv("prices/cpi_u_annual.csv"))}


def annual(published: pd.DataFrame) -> pd.DataFrame:
    """A row per item and year: the mean of the months that are out, and how many they are."""
    months = published.months_available.astype(int)
    return pd.DataFrame(
        {
            "item": published.series_id.map(ITEMS),
            "year": published.year.astype(int),
            "series_id": published.series_id,
            "index": published.index_1982_84_eq_100.astype(float),
            "months": months,
            "complete": months == MONTHS,
        }
    )
