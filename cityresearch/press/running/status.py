"""What exists of a collection and what a run would do: a row a brief, and the rows in words."""

from __future__ import annotations

from collections import Counter
from typing import Any

from cityresearch.evidence.places import Place
from cityresearch.press.running.job import Job
from cityresearch.press.running.plan import LeftOut, Plan
from cityresearch.project import Project

SHOWN = 20  # briefs that a plan names unless it is asked for all
REASONS = 8  # reasons that a plan counts for a topic


def count(number: int, noun: str) -> str:
    """A number and its noun: "1 brief", "2 briefs"."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def status_rows(project: Project, plan: Plan) -> list[dict[str, Any]]:
    """One row a brief: topic, place, state (done, new, stale, failed, unfinished, left out), reason,
    whether page and PDF exist, and what its last run took: seconds, CPU seconds, memory in MB."""
    current = {job.name for job in plan.current}
    rows = [_row(project, plan, job, job.name in current) for job in plan.all]
    return rows + [{**_left_out(row), "page": False, "pdf": False} for row in plan.left_out]


def _row(project: Project, plan: Plan, job: Job, current: bool) -> dict[str, Any]:
    past = plan.past.rows.get((job.topic, job.place.geoid))
    state, reason = ("done", "") if current else ("stale", job.reason)
    if past is None:
        state, reason = "new", "never run"
    elif past.state == "failed":
        state, reason = "failed", past.reason
    elif past.state == "running":
        state = "unfinished"
    return {
        **_named(job.topic, job.place),
        "state": state,
        "reason": reason,
        "page": job.output(project, "html", "html").is_file(),
        "pdf": job.output(project, "pdf", "pdf").is_file(),
        "seconds": past and past.seconds,
        "cpu_seconds": past and past.cpu,
        "memory_mb": past and past.memory,
        "note": past.note if past else "",
    }


def _named(topic: str, place: Place) -> dict[str, Any]:
    return {"topic": topic, "place": place.slug, "name": place.full_name}


def _left_out(out: LeftOut) -> dict[str, Any]:
    return {**_named(out.topic, out.place), "state": "left out", "reason": out.reason}


def summary_lines(rows: list[dict[str, Any]]) -> list[str]:
    """The rows in words: a count of each state by topic, then each brief that failed or is left out."""
    lines = []
    for topic, of_topic in _by_topic(rows).items():
        states = ", ".join(f"{number} {state}" for state, number in _counted(of_topic, "state"))
        pages, pdfs = (sum(row[kind] for row in of_topic) for kind in ("page", "pdf"))
        lines.append(f"{topic}: {states}; {count(pages, 'page')}, {count(pdfs, 'PDF')}")
    for row in rows:
        if row["state"] in ("failed", "left out"):
            lines.append(f"  {row['state']}: {row['topic']} for {row['name']}: {row['reason']}")
    return lines


def plan_rows(plan: Plan) -> list[dict[str, Any]]:
    """One row a brief: topic, place, state (to run, up to date, left out) and why."""
    rows = [
        {**_named(job.topic, job.place), "state": state, "reason": job.reason}
        for state, jobs in (("to run", plan.jobs), ("up to date", plan.current))
        for job in jobs
    ]
    return rows + [_left_out(out) for out in plan.left_out]


def plan_lines(rows: list[dict[str, Any]], every: bool) -> list[str]:
    """The rows in words: counts and reasons by topic, then a line for each place left out and for each
    brief that would run, no more than `SHOWN` of either unless `every` is wanted."""
    lines = []
    for topic, of_topic in _by_topic(rows).items():
        states = ", ".join(f"{number} {state}" for state, number in _counted(of_topic, "state"))
        reasons = _counted([row for row in of_topic if row["state"] == "to run"], "reason")
        lines += [f"{topic}: {states}", *(f"{n:>6}  {reason}" for reason, n in reasons[:REASONS])]
        if rest := reasons[REASONS:]:
            lines.append(f"{sum(n for _, n in rest):>6}  {count(len(rest), 'other reason')}")
    lines += _listed("left out", rows, every)
    return lines + (_listed("to run", rows, every) or ["Nothing to run."])


def _listed(state: str, rows: list[dict[str, Any]], every: bool) -> list[str]:
    """The rows of one state under its name; nothing where there are none."""
    found = [row for row in rows if row["state"] == state]
    shown = found if every else found[:SHOWN]
    lines = [f"{state.capitalize()}:"] if found else []
    lines += [f"  {row['topic']} {row['place']}: {row['reason']}" for row in shown]
    if len(found) > len(shown):
        lines.append(f"  and {count(len(found) - len(shown), 'other')}: see plan --all")
    return lines


def _by_topic(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["topic"], []).append(row)
    return dict(sorted(found.items()))


def _counted(rows: list[dict[str, Any]], key: str) -> list[tuple[str, int]]:
    """How many rows have each value, most frequent first."""
    return sorted(Counter(row[key] for row in rows).items(), key=lambda pair: (-pair[1], pair[0]))
