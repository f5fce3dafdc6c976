"""Bills on record against the incomes and wages of their own time, on the real water topic."""

from __future__ import annotations

import pytest

from cityresearch.briefs import bill_report, bill_views, income_views, reads
from cityresearch.briefs.bills import USES, CityBill, find_bill
from cityresearch.briefs.brief import Brief
from cityresearch.evidence.estimates import Estimate
from cityresearch.methods.water import burden_of_median_rule


def bill_of(city: str) -> CityBill:
    bill = find_bill(Brief("water", city))
    assert bill is not None
    return bill


def test_a_tariff_is_held_against_the_income_and_the_wage_of_its_own_year() -> None:
    bill = bill_of("fresno-ca")
    low = bill.brief["income_p20", 2018].value or 0.0
    assert bill.year == bill.income_year == 2018
    assert bill.wage.value == 11.0  # California, 2018
    assert bill.bill("usual_use").value == pytest.approx(53.27, abs=0.005)  # METHODS §1
    assert bill.burden("usual_use").value == pytest.approx(1200 * 53.27 / low, abs=0.001)
    assert bill.hours("usual_use").value == pytest.approx(53.27 / 11, abs=0.001)
    assert bill.line("affordable_hours").value == 88.0
    assert bill.line("affordable_day").value == pytest.approx(0.046 * low / 12)


def test_portland_pays_the_wage_of_its_region() -> None:
    assert bill_of("portland-or").wage.value == 14.0  # Portland area, July 2021


def test_only_rates_that_can_bind_are_read() -> None:
    bill = bill_of("fresno-ca")
    assert bill.wage.exists
    assert reads.taken()["minimum_wages.rates"] == {
        "level": [["federal"]],
        "level,geoid": [["city", "0627000"]],
        "level,state": [["state", "CA"]],
    }


@pytest.mark.parametrize(
    ("city", "dollars", "hours"),
    [("san-francisco-ca", 208.67, 12.99), ("pittsburgh-pa", 127.88, 17.64)],  # METHODS §1
)
def test_published_bills(city: str, dollars: float, hours: float) -> None:
    bill = bill_of(city)
    assert bill.bill("usual_use").value == dollars
    assert bill.hours("usual_use").value == pytest.approx(hours, abs=0.006)
    assert not bill.bill("low_use").exists


def test_a_bill_of_a_year_without_incomes_takes_the_next_and_says_so() -> None:
    bill = bill_of("san-francisco-ca")
    assert (bill.year, bill.income_year) == (2020, 2021)
    assert "that of 2021 is used" in bill_report.told(bill)


def test_a_bill_without_a_year_is_held_against_no_income() -> None:
    bill = bill_of("pittsburgh-pa")
    assert bill.year is None and not bill.burden("usual_use").exists
    assert "its year not recorded" in bill_report.sentence(bill)
    assert bill.stand() == "higher than the minimum-wage line"


def test_part_of_a_bill_is_held_against_no_line() -> None:
    bill = bill_of("durham-nc")
    assert not bill.whole and bill.use == "low_use"
    assert bill_report.chart(bill) is None
    assert bill_report.numbers(bill)[0].comparison == ""
    table = bill_report.table(bill)
    assert table is not None and [column.label for column in table.columns] == ["Use", "Water"]


def test_a_city_without_rates_is_told_how_to_add_them() -> None:
    brief = Brief("water", "madison-wi")
    assert find_bill(brief) is None
    note = bill_report.how_to_add(brief, None)
    assert note is not None
    assert all(str(brief.constant(use)) in note.text for use in USES)


def test_bounds_stay_bounds_from_income_to_line() -> None:
    brief = Brief("water", "madison-wi")
    income, line = brief["income_p20"].estimate, brief["affordable_day"].estimate
    assert income.low is not None and income.high is not None
    assert line.low == pytest.approx(income.low * 0.046 / 12)
    assert line.high == pytest.approx(income.high * 0.046 / 12)


def test_the_wage_is_told_with_its_level_and_date() -> None:
    told = bill_views.wage_told(Brief("water", "houston-tx"))
    assert "$7.25 an hour: the federal rate, in force since July 24, 2009" in told


def test_a_redrawn_survey_is_told_only_where_it_lies_between_the_years() -> None:
    assert "redrawn" in income_views.told(Brief("water", "madison-wi"))
    assert "redrawn" not in income_views.told(Brief("water", "south-fulton-ga"))


def test_rule_of_the_median() -> None:
    # 4.5% of $60,000 is $2,700 a year: 13.5% of $20,000.
    burden = burden_of_median_rule(Estimate(20_000.0, 0.0), Estimate(60_000.0, 0.0), 4.5)
    assert (burden.value, burden.unit) == (pytest.approx(13.5), "%")
