"""Constant dollars: amounts of different years at the prices of one."""

from __future__ import annotations

from cityresearch.evidence.estimates import Estimate, missing, scaled


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
