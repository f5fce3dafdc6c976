"""How workers of metropolitan areas get to work, from the American Community Survey of one year."""

from __future__ import annotations

import re

import pandas as pd

from cityresearch.evidence.mirror import Mirror

YEAR = 2024
ROWS = {
    "Total:": "workers",
    "Public transportation (excluding taxicab):": "transit_workers",
    "Walked": "walk_workers",
    "Bicycle": "bicycle_workers",
    "Worked from home": "home_workers",
}
ESTIMATE = re.compile(r"^(?P<name>.+) Metro Area!!Estimate$")


def build(mirror: Mirror) -> dict[str, pd.DataFrame]:
    """The table `metros`."""
    published = mirror.csv("metros/acs_means_of_transport_to_work_2024.csv")
    return {"metros": metros(published, mirror.csv("metros/metros.csv"))}


def metros(published: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """A row per metropolitan area: workers by main way to work, and the share that rides transit.

    Raises:
        ValueError: an area whose name no code has.
    """
    labels = published.iloc[:, 0].str.strip()
    areas = {ESTIMATE.sub(r"\g<name>", name): name for name in published.columns[1:]}
    cbsa = dict(zip(codes.title, codes.cbsa, strict=True))
    if unknown := sorted(set(areas) - set(cbsa)):
        raise ValueError(f"no code for {unknown}")
    frame = pd.DataFrame(
        {"cbsa": [cbsa[name] for name in areas], "year": YEAR, "name": list(areas)}
    )
    for label, column in ROWS.items():
        counts = published.loc[labels == label, list(areas.values())].iloc[0]
        frame[column] = counts.str.replace(",", "").astype(int).to_numpy()
    share = 100 * frame.transit_workers / frame.workers
    frame.insert(5, "transit_share_percent", share.round(3))
    return frame
