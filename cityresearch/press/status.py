"""What exists of a collection: a row a brief, with its state and why."""

from __future__ import annotations

from collections import Counter
from typing import Any

from cityresearch.press.plan import Job, Plan, read_note
from cityresearch.project import Project


def status_rows(project: Project, plan: Plan) -> list[dict[str, Any]]:
    """One row a brief: topic, place, state (done, new, stale, failed, left out), reason, outputs."""
    current = {job.name for job in plan.current}
    rows = [_row(project, job, job.name in current) for job in plan.all]
    for out in plan.left_out:
        reason = f"section '{out.section}' needs {out.need}"
        row = {"topic": out.topic, "place": out.place.slug, "name": out.place.full_name}
        rows.append({**row, "state": "left out", "reason": reason, "page": False, "pdf": False})
    return rows


def _row(project: Project, job: Job, current: bool) -> dict[str, Any]:
    note = read_note(project, job)
    if current:
        state, reason = "done", ""
    elif not note:
        state, reason = "new", "never run"
    elif note["state"] == "failed" and note["key"] == job.key:
        state, reason = "failed", note["reason"]
    else:
        state, reason = "stale", "its notebook, declaration, data, helpers or parameters changed"
    return {
        "topic": job.topic,
        "place": job.place.slug,
        "name": job.place.full_name,
        "state": state,
        "reason": reason,
        "page": job.output(project, "html", "html").is_file(),
        "pdf": job.output(project, "pdf", "pdf").is_file(),
    }


def summary_lines(rows: list[dict[str, Any]]) -> list[str]:
    """The rows in words: a count of each state by topic, then each brief that is not done."""
    lines = []
    for topic in dict.fromkeys(row["topic"] for row in rows):
        of_topic = [row for row in rows if row["topic"] == topic]
        counts = Counter(row["state"] for row in of_topic)
        states = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
        pages, pdfs = (sum(row[kind] for row in of_topic) for kind in ("page", "pdf"))
        lines.append(f"{topic}: {states}; {pages} pages, {pdfs} PDFs")
    for row in rows:
        if row["state"] in ("failed", "left out"):
            lines.append(f"  {row['state']}: {row['topic']} for {row['name']}: {row['reason']}")
    return lines
