"""Constant dollars: amounts of different years at the prices of one."""

from __future__ import annotations

from collections.abc import Mapping

from cityresearch.evidence.estimates import Estimate, counted, missing, scaled


def constant_dollars(
    amount: Estimate | float, year: int, base: int, index: Mapping[int, float]
) -> Estimate:
    """`amount` USD of `year` at the prices of `base`: amount · index(base) / index(year).

    The margin grows in proportion: the index is taken as exact. A year that the index lacks
    makes the result missing.

    Args:
        index: price index by year, such as the CPI-U annual averages (BLS), each above zero.
    """
    amount = counted(amount, "USD")
    absent = [wanted for wanted in (year, base) if wanted not in index]
    if absent:
        return missing(f"no full-year price index for {absent[0]}", amount.unit)
    return scaled(amount, index[base] / index[year])


def at_prices_of(amount: Estimate, index: Estimate, base: Estimate) -> Estimate:
    """`amount` at the prices of another year: amount · base / index, both indexes taken as exact.

    Args:
        index: price index (CPI-U annual average, BLS) of the year of `amount`.
        base: the same index in the year whose prices are wanted.
    """
    for given in (index, base):
        if given.value is None:
            return missing(given.reason or "no price index", amount.unit)
    return scaled(amount, (base.value or 0.0) / (index.value or 1.0))
