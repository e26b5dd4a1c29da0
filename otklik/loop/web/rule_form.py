"""What is typed of a rule: only what its kind can ask for stands on the page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.feedback.public import topic_names
from otklik.identity.public import Team, User, staff_choices, staff_with
from otklik.loop.access import FOLLOWS_UP
from otklik.loop.labels import OWNER_WAYS
from otklik.loop.models import AlertRule
from otklik.loop.operations.rules import RuleTerms
from otklik.loop.rules.conditions import (
    HIGHEST_SCORE,
    KEY_ROLES,
    LONGEST_WORD,
    MOST_RENEWAL_DAYS,
    MOST_WORDS,
    SURVEYS,
    Conditions,
    scale_of,
)
from otklik.loop.rules.deadlines import DEFAULT_ESCALATION_HOURS, DEFAULT_HOURS, MOST_HOURS
from otklik.loop.rules.vocabulary import OwnerWay, RuleKind
from otklik.partners.public import ROLE, ContactRole, Partner

MOST_TIERS = 60
_ROLES = (ContactRole.DECISION_MAKER, ContactRole.INFLUENCER, ContactRole.END_USER)
_NOT_ASKED: dict[RuleKind, tuple[str, ...]] = {
    RuleKind.SCORE: ("drop_by", "words", "topics"),
    RuleKind.LOW_CSAT: ("drop_by", "words", "topics"),
    RuleKind.LOW_CES: ("drop_by", "words", "topics"),
    RuleKind.DROP: ("words", "topics"),
    RuleKind.WORDS: ("drop_by",),
    RuleKind.SILENCE: ("scores", "drop_by", "words", "topics"),
    # Nobody knows who wrote a mention.
    RuleKind.MENTION: ("scores", "drop_by", "words", "topics", "roles"),
}


class RuleForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("What the rule is called"), max_length=120)
    scores = forms.TypedMultipleChoiceField(
        label=_("Scores"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    drop_by = forms.IntegerField(
        label=_("Fell by at least"), required=False, min_value=1, max_value=HIGHEST_SCORE
    )
    words = forms.CharField(
        label=_("Words and phrases, one a line"),
        required=False,
        max_length=MOST_WORDS * (LONGEST_WORD + 2),
        widget=forms.Textarea({"rows": 8}),
        help_text=_("Any form of a word is found; a phrase only as a whole."),
    )
    topics = forms.MultipleChoiceField(
        label=_("Or topics of the comment"), required=False, widget=forms.CheckboxSelectMultiple
    )
    roles = forms.MultipleChoiceField(
        label=_("Only people of these roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(role.value, ROLE[role]) for role in _ROLES],
        help_text=_("None chosen: everybody."),
    )
    tiers = forms.MultipleChoiceField(
        label=_("Only partners of these tiers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all partners."),
    )
    renewal_days = forms.IntegerField(
        label=_("Only if the renewal is so many days away, or closer"),
        required=False,
        min_value=0,
        max_value=MOST_RENEWAL_DAYS,
    )
    open_deal = forms.BooleanField(label=_("Only while an expansion deal is open"), required=False)
    owner_way = forms.ChoiceField(
        label=_("Who gets the alert"), choices=[(way.value, OWNER_WAYS[way]) for way in OwnerWay]
    )
    owner = forms.TypedChoiceField(label=_("Which person"), required=False, coerce=int, empty_value=None)
    team = forms.TypedChoiceField(label=_("Which team"), required=False, coerce=int, empty_value=None)
    fallback = forms.TypedChoiceField(
        label=_("Who stands in"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Where a partner has no manager. Nobody chosen: the head of the program."),
    )
    deadline_hours = forms.IntegerField(
        label=_("First word within, business hours"),
        initial=DEFAULT_HOURS,
        min_value=1,
        max_value=MOST_HOURS,
    )
    escalation_hours = forms.IntegerField(
        label=_("Escalated after the deadline, business hours"),
        initial=DEFAULT_ESCALATION_HOURS,
        min_value=0,
        max_value=MOST_HOURS,
    )
    escalates_to = forms.TypedChoiceField(
        label=_("Escalated to"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Nobody chosen: the lead of the team, then the head of the program."),
    )
    by_mail = forms.BooleanField(
        label=_("Tell the owner by mail as well"),
        required=False,
        initial=True,
        help_text=_("New, due soon, overdue, escalated: gathered into one mail an hour at most."),
    )

    def __init__(
        self, *args: Any, kind: RuleKind, program_id: int, rule: AlertRule | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.rule = kind, rule
        self._offer(program_id)
        for name in _NOT_ASKED[kind]:
            del self.fields[name]
        if kind in (RuleKind.SCORE, *SURVEYS):
            self.fields["scores"].required = True
        if kind is RuleKind.DROP:
            self.fields["drop_by"].required = True
        if rule is not None:
            self.initial = _typed(rule)

    def _offer(self, program_id: int) -> None:
        low, high = scale_of(self.kind)
        self._choose("scores", [(score, str(score)) for score in range(low, high + 1)])
        staff = [
            ("", "–"),
            *staff_choices(User.objects.filter(pk__in=staff_with(FOLLOWS_UP)).order_by("name")),
        ]
        for name in ("owner", "fallback", "escalates_to"):
            self._choose(name, staff)
        self._choose("team", [("", "–"), *Team.objects.order_by("name").values_list("pk", "name")])
        asked = self.rule.asked if self.rule is not None else Conditions()
        rows = Partner.objects.filter(program=program_id).exclude(tier="").order_by("tier")
        tiers = set(rows.values_list("tier", flat=True).distinct()[:MOST_TIERS]) | asked.tiers
        self._choose("tiers", [(tier, tier) for tier in sorted(tiers)])
        if self.kind is RuleKind.WORDS:
            names = {key: key for key in sorted(asked.topics)} | topic_names()
            self._choose("topics", sorted(names.items(), key=lambda pair: pair[1]))

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def conditions(self) -> Conditions:
        said = self.cleaned_data
        lines = (" ".join(line.split()) for line in said.get("words", "").splitlines())
        return Conditions(
            scores=frozenset(said.get("scores", ())),
            drop_by=said.get("drop_by"),
            words=tuple(dict.fromkeys(line for line in lines if line)),
            topics=frozenset(said.get("topics", ())),
            roles=frozenset(said.get("roles", ())),
            tiers=frozenset(said["tiers"]),
            renewal_days=said["renewal_days"],
            open_deal=said["open_deal"],
        )

    def terms(self) -> RuleTerms:
        said = self.cleaned_data
        return RuleTerms(
            name=said["name"],
            kind=self.kind,
            conditions=self.conditions(),
            owner_way=OwnerWay(said["owner_way"]),
            owner_id=said["owner"],
            team_id=said["team"],
            fallback_id=said["fallback"],
            deadline_hours=said["deadline_hours"],
            escalation_hours=said["escalation_hours"],
            escalates_to_id=said["escalates_to"],
            by_mail=said["by_mail"],
            is_active=self.rule is None or self.rule.is_active,
        )


def _typed(rule: AlertRule) -> dict[str, Any]:
    asked = rule.asked
    return {
        "version": rule.version,
        "name": rule.name,
        "scores": sorted(asked.scores),
        "drop_by": asked.drop_by,
        "words": "\n".join(asked.words),
        "topics": sorted(asked.topics),
        "roles": sorted(asked.roles or (KEY_ROLES if asked.only_key_people else ())),
        "tiers": sorted(asked.tiers),
        "renewal_days": asked.renewal_days,
        "open_deal": asked.open_deal,
        "owner_way": rule.owner_way,
        "owner": rule.owner_id,
        "team": rule.team_id,
        "fallback": rule.fallback_id,
        "deadline_hours": rule.deadline_hours,
        "escalation_hours": rule.escalation_hours,
        "escalates_to": rule.escalates_to_id,
        "by_mail": rule.by_mail,
    }
