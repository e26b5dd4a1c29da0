"""Computing a report: asked for on a page or at night, done by a process of its own, kept for later."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django_q.tasks import async_task

from otklik.analytics.public import bring_up_to_date
from otklik.desk.public import Ticket
from otklik.events.public import Actor, ActorKind, Subject, record
from otklik.feedback.public import Response, ResponseStatus, SurveyKind
from otklik.impact.models import ImpactReport, PolicyChange
from otklik.impact.queries.asked import asked_of
from otklik.impact.queries.changes import changes_to_study
from otklik.impact.queries.rows import SOURCES, answers_of
from otklik.impact.rules.report import Report
from otklik.impact.rules.studying import report_of
from otklik.impact.rules.vocabulary import GIVEN_UP, Failure, Outcome, ReportState
from otklik.partners.public import Program

STUDIED = timedelta(days=730)
"""Every season twice; older support has little to say about today's."""
GOOD_FOR = timedelta(hours=20)
NIGHT = range(1, 6)
KEPT = 30
JOB = "otklik.impact.jobs.compute_now"


def ask_report(*, program: Program, outcome: Outcome, by: Actor, at: datetime) -> ImpactReport:
    """The report to wait for: a new one, or the one that is being computed of this program and outcome."""
    with transaction.atomic():
        Program.objects.select_for_update().get(pk=program.pk)
        computing = ImpactReport.objects.filter(
            program=program, outcome=outcome, state=ReportState.COMPUTING
        ).select_for_update()
        for one in computing:
            if one.asked_at > at - GIVEN_UP:
                return one
            one.fail(Failure.ENDED, at)
            one.save(update_fields=["state", "failure", "ended_at"])
        report = ImpactReport.objects.create(
            program=program,
            outcome=outcome,
            asked_by_id=by.id if by.kind is ActorKind.PERSON else None,
            asked_at=at,
        )
        async_task(JOB, report.pk)
    return report


def ask_due(*, at: datetime) -> int:
    """At night every program with answers, at once where there has been no report yet. How many were
    asked."""
    is_night = timezone.localtime(at).hour in NIGHT
    asked = 0
    for outcome in Outcome:
        for program in programs_with_answers(outcome, at).order_by("pk"):
            reports = ImpactReport.objects.filter(program=program, outcome=outcome)
            if not reports.exists() or (is_night and not reports.filter(asked_at__gt=at - GOOD_FOR).exists()):
                ask_report(program=program, outcome=outcome, by=Actor.system(), at=at)
                asked += 1
    return asked


def compute_report(*, report_id: int, at: datetime) -> None:
    """Nothing where it has ended already. Raises what went wrong, once that is noted on the report."""
    kept = ImpactReport.objects.filter(pk=report_id, state=ReportState.COMPUTING).first()
    if kept is None:
        return
    try:
        found = _found(kept, at)
    except Exception:
        fail_report(report_id=report_id, failure=Failure.BROKEN, at=at)
        raise
    with transaction.atomic():
        report = ImpactReport.objects.select_for_update().get(pk=report_id)
        if report.state != ReportState.COMPUTING:  # given up meanwhile, and another is asked for perhaps
            return
        report.finish(found, at)
        report.save(update_fields=["state", "body", "ended_at"])
        _forget_old(report)
        by = Actor.system() if report.asked_by_id is None else Actor.person(report.asked_by_id)
        data = {"report": report.pk, "outcome": report.outcome, "answers": found.answers}
        record("impact.computed", by=by, at=at, subjects=[Subject("program", report.program_id)], data=data)
    _ask_for_the_rest(report, found, at)


def _ask_for_the_rest(report: ImpactReport, found: Report, at: datetime) -> None:
    """Of a change that was recorded, or corrected, while this was computed. Whoever did it found a report
    under way and asked for no other."""
    studied = {(one.change, one.version) for one in found.changes}
    there = PolicyChange.objects.filter(program=report.program_id).values_list("pk", "version")
    if set(there) - studied:
        outcome = Outcome(report.outcome)
        ask_report(program=report.program, outcome=outcome, by=Actor.system(), at=at)


def fail_report(*, report_id: int, failure: Failure, at: datetime) -> None:
    """Nothing where it has ended already."""
    with transaction.atomic():
        rows = ImpactReport.objects.select_for_update().filter(pk=report_id, state=ReportState.COMPUTING)
        for report in rows:
            report.fail(failure, at)
            report.save(update_fields=["state", "failure", "ended_at"])
            _forget_old(report)


def _found(kept: ImpactReport, at: datetime) -> Report:
    outcome, since = Outcome(kept.outcome), (at - STUDIED).date()
    bring_up_to_date(SOURCES[outcome])
    table = answers_of(outcome, kept.program_id, since=since, at=at)
    asked = asked_of(kept.program_id, since=since) if outcome is Outcome.NPS else None
    changes = changes_to_study(kept.program_id)
    return report_of(table, since=since, until=at.date(), asked=asked, changes=changes)


def programs_with_answers(outcome: Outcome, at: datetime) -> QuerySet[Program]:
    theirs, since = OuterRef("pk"), at - STUDIED
    if outcome is Outcome.NPS:
        said = Response.objects.filter(
            program=theirs,
            kind=SurveyKind.NPS,
            status=ResponseStatus.COMPLETE,
            responded_at__gte=since,
        )
        return Program.objects.filter(Exists(said))
    rated = Ticket.objects.filter(program=theirs, rating__isnull=False, created_at__gte=since)
    return Program.objects.filter(Exists(rated))


def _forget_old(report: ImpactReport) -> None:
    """Each kind by itself: pages read the newest that is done, however many failed since."""
    theirs = ImpactReport.objects.filter(program=report.program_id, outcome=report.outcome)
    for some in (theirs.filter(state=ReportState.DONE), theirs.exclude(state=ReportState.DONE)):
        newest = some.order_by("-asked_at", "-pk").values_list("pk", flat=True)[:KEPT]
        some.exclude(pk__in=list(newest)).delete()
