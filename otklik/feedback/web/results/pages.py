"""What the page of a survey's results shows; every figure is one of ``SurveyResults``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext

from otklik.feedback.charts import Picture
from otklik.feedback.labels import BREAKDOWN_LABELS, DIMENSION_LABELS
from otklik.feedback.queries.question_results import QuestionResult
from otklik.feedback.queries.survey_counts import NOT_ARRIVED
from otklik.feedback.queries.survey_results import Row, SurveyResults
from otklik.feedback.result_words import (
    SCORE_NAMES,
    change_sentence,
    figure_sentence,
    left_out_lines,
    limits_of,
    limits_words,
    score_words,
    share_words,
    weighted_sentence,
)
from otklik.feedback.rules.estimate import answers_needed
from otklik.feedback.rules.results import Share
from otklik.feedback.rules.vocabulary import SurveyKind, WaveState
from otklik.feedback.web.results import pictures
from otklik.feedback.web.results.filters import AskedFor
from otklik.feedback.web.waves.words import STATES
from otklik.feedback.words import league_sentence, standing_words
from otklik.kit.registry import Text
from otklik.kit.templatetags.otklik import figure as number
from otklik.kit.templatetags.otklik import local_time, percent
from otklik.stats.verdicts import Standing

# What a score is wished to be known to: ten points either way.
WISHED = 0.1


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a cut, ready to print."""

    name: str
    n: int
    score: str
    interval: str
    rate: str
    rate_interval: str
    standing: str
    is_above: bool


@dataclass(frozen=True, slots=True)
class CutPart:
    title: Text
    heading: Text
    sentence: str
    picture: Picture | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """What to do now, and where."""

    text: str
    url: str = ""
    action: str = ""


class ResultsPage:
    def __init__(self, results: SurveyResults, asked: AskedFor, *, may_run: bool) -> None:
        self.results, self.asked, self.may_run = results, asked, may_run
        self.kind = SurveyKind(results.survey.kind)
        self.score_name = SCORE_NAMES[self.kind]
        self.score = score_words(self.kind, results.figure.score)
        self.interval = limits_words(self.kind, results.figure.interval)
        self.sentence = figure_sentence(results.figure)

    @property
    def short_name(self) -> str:
        """Over a narrow column."""
        return self.kind.value.upper()

    @property
    def next(self) -> Next:
        """No wave, one that runs, or what the answers there are allow."""
        if not self.results.waves and not self.results.figure.n:
            text = gettext("Nobody was asked yet. Plan a wave, or make a link that anybody may answer at.")
            return (
                self._with_way(text, "survey-waves", gettext("Plan a wave")) if self.may_run else Next(text)
            )
        running = [wave for wave in self.results.waves if wave.is_open]
        by_wave = self.results.invitations.by_wave
        rates = [by_wave.get(wave.pk, (0, 0)) for wave in running]
        asked = Share(sum(hits for hits, _ in rates), sum(n for _, n in rates))
        if asked.n:
            return Next(self._running_text(asked))
        drafts = [wave for wave in self.results.waves if wave.state == WaveState.DRAFT]
        if any(not wave.starts_itself for wave in drafts) and self.may_run:
            text = gettext("A wave is planned and has not begun: look at its estimate and start it.")
            return self._with_way(text, "survey-waves", gettext("See the waves"))
        coming = min(
            (wave.starts_at for wave in drafts if wave.starts_itself and wave.starts_at), default=None
        )
        if coming is not None:
            return Next(
                gettext("The next wave starts by itself: %(moment)s.") % {"moment": local_time(coming)}
            )
        return Next(gettext("Nobody is being asked at this moment. What is here stays as it is."))

    def _with_way(self, text: str, name: str, action: str) -> Next:
        try:
            return Next(text, reverse(name, args=[self.results.survey.pk]), action)
        except NoReverseMatch:
            return Next(text)

    def _running_text(self, rate: Share) -> str:
        text = ngettext(
            "A wave is running: %(answered)s of %(asked)s person has answered.",
            "A wave is running: %(answered)s of %(asked)s people have answered.",
            rate.n,
        ) % {"answered": number(rate.hits), "asked": number(rate.n)}
        needed = self._still_needed()
        if needed:
            text += " " + ngettext(
                "About %(n)s more answer would give the score to within 10 points.",
                "About %(n)s more answers would give the score to within 10 points.",
                needed,
            ) % {"n": number(needed)}
        return text

    def _still_needed(self) -> int:
        """Of one wave: the answers of several are no sample of one moment."""
        summary = self.results.figure.summary
        is_one = self.results.filter.wave_id is not None or len(self.results.waves) == 1
        if summary is None or summary.nps is None or not is_one:
            return 0
        n = summary.n
        shares = (summary.detractors / n, summary.passives / n, summary.promoters / n)
        needed = answers_needed(WISHED, shares, self.results.invitations.people + n)
        return max(0, needed - n) if needed is not None else 0

    def tiles(self) -> Iterator[tuple[str, str, str]]:
        """Label, value, note."""
        found = self.results
        notes = []
        if found.late:
            notes.append(gettext("%(n)s late, counted") % {"n": number(found.late)})
        if found.duplicates:
            notes.append(gettext("%(n)s second ones, not counted") % {"n": number(found.duplicates)})
        yield gettext("Answers"), number(found.figure.n), ", ".join(notes)
        rate = found.rate
        note = gettext("%(hits)s of %(n)s reached") % {"hits": number(rate.hits), "n": number(rate.n)}
        if rate.interval is not None:
            note += f", {percent(rate.interval.low)} … {percent(rate.interval.high)}"
        yield gettext("Response rate"), percent(rate.share), note if rate.n else ""
        unconfirmed = found.unconfirmed
        note = gettext("%(hits)s of %(n)s who came") % {
            "hits": number(unconfirmed.hits),
            "n": number(unconfirmed.n),
        }
        yield gettext("Opened and not confirmed"), percent(unconfirmed.share), note if unconfirmed.n else ""
        if found.without_invitation:
            yield (
                gettext("By a link or from elsewhere"),
                number(found.without_invitation),
                gettext("in no response rate"),
            )

    @property
    def scores_picture(self) -> Picture | None:
        return pictures.scores_picture(self.results.figure) if self.kind is SurveyKind.NPS else None

    def bars(self) -> list[pictures.Bar]:
        return [] if self.kind is SurveyKind.NPS else pictures.bars(self.results.figure)

    @property
    def course(self) -> Picture | None:
        """By waves where there are two, else by months where there are two."""
        waves, months = self.results.by_wave, self.results.by_month
        points = waves if len(waves) > 1 else months
        return pictures.course_picture(points) if len(points) > 1 else None

    def course_lines(self) -> Iterator[Line]:
        points = self.results.by_wave if len(self.results.by_wave) > 1 else self.results.by_month
        for point in points:
            found = point.figure
            score, limits = score_words(self.kind, found.score), limits_words(self.kind, found.interval)
            yield Line(pictures.point_name(point), found.n, score, limits, "", "", "", is_above=False)

    @property
    def change(self) -> str:
        found = self.results.change
        before = self.results.by_wave[-2].wave if found is not None else None
        return change_sentence(found, before.name) if found is not None and before is not None else ""

    @property
    def weighted(self) -> str:
        found = self.results.weighted
        return weighted_sentence(self.kind, found) if found is not None else ""

    def cuts(self) -> Iterator[CutPart]:
        for cut in self.results.cuts:
            if len(cut.rows) > 1:
                answered = sum(1 for row in cut.rows if row.figure.n)
                yield CutPart(
                    BREAKDOWN_LABELS[cut.dimension],
                    DIMENSION_LABELS[cut.dimension],
                    league_sentence(cut.dimension, cut.league) if cut.league else "",
                    pictures.cut_picture(cut, self.results.figure) if answered > 1 else None,
                    tuple(self._line(row) for row in cut.rows),
                )

    def _line(self, row: Row) -> Line:
        return Line(
            row.name,
            row.figure.n,
            score_words(self.kind, row.figure.score),
            limits_words(self.kind, row.figure.interval),
            percent(row.rate.share),
            limits_of(row.rate),
            standing_words(row.standing),
            row.standing is Standing.ABOVE,
        )

    def left_out(self) -> list[tuple[str, int]]:
        return left_out_lines(self.results.invitations.left_out.most_common())

    def not_reached(self) -> list[tuple[Text, int]]:
        counts = self.results.invitations.silent
        return [(STATES[state], counts[state]) for state in NOT_ARRIVED if counts[state]]

    @property
    def people_query(self) -> str:
        """Address parameters that choose the same part of the survey among its people."""
        return self.asked.query(weigh=None)

    def questions(self) -> list[QuestionPart]:
        return [QuestionPart(found) for found in self.results.questions]


class QuestionPart:
    """A further question: its shares, or its score, or how many wrote something."""

    def __init__(self, found: QuestionResult) -> None:
        self.found = found

    @property
    def sentence(self) -> str:
        texts = {"answered": number(self.found.answered), "shown": number(self.found.shown)}
        return gettext("%(answered)s of %(shown)s who saw it answered.") % texts

    def options(self) -> list[tuple[str, int, str]]:
        """Label, whole per cent, words."""
        return [
            (option.label, round((option.share.share or 0) * 100), share_words(option.share))
            for option in self.found.options
        ]

    @property
    def score(self) -> str:
        found = self.found.figure
        if found is None:
            return ""
        if found.score is None:
            return figure_sentence(found)
        limits = limits_words(found.kind, found.interval)
        return f"{SCORE_NAMES[found.kind]}: {score_words(found.kind, found.score)} ({limits})"
