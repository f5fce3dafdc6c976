"""Household incomes of larger cities at three percentiles, as the Urban Institute models them."""

from __future__ import annotations

import pandas as pd

from cityresearch.evidence.mirror import Mirror

CENT = 2  # decimals kept: the publisher multiplies whole dollars by the year's price factor


def build(mirror: Mirror) -> dict[str, pd.DataFrame]:
    """The table `incomes`."""
    return {"incomes": incomes(mirror.csv("income/metrics_income_place_all_longitudinal.csv"))}


def incomes(published: pd.DataFrame) -> pd.DataFrame:
    """A row per city and year: three percentiles in USD, each with both bounds and its quality."""
    published = published.replace("NA", "")
    frame = pd.DataFrame(
        {"geoid": published.state + published.place, "year": published.year.astype(int)}
    )
    for percentile in ("20", "50", "80"):
        theirs, ours = f"pctl_income_{percentile}", f"income_p{percentile}"
        for ending, column in (("", "usd"), ("_lb", "low_usd"), ("_ub", "high_usd")):
            amounts = pd.to_numeric(published[theirs + ending])
            frame[f"{ours}_{column}"] = amounts.round(CENT)
        frame[f"{ours}_quality"] = pd.to_numeric(published[f"{theirs}_quality"]).astype("Int64")
    return frame
