"""What both sides say to each other beside tickets: announcements and who read them, shared goals and
commitments, ideas and votes, applications and their vetting, onboarding.

Nouns: announcement, addressee (a person it was for), goal, commitment, idea, vote, application, vetting step,
onboarding, step, manners (how a program does all that). Writes ``announcement.written``,
``announcement.changed``, ``announcement.published``, ``announcement.withdrawn``, ``announcement.read``,
``announcement.acknowledged``, ``announcement.asked``, ``announcement.answer_shown``,
``announcement.answer_hidden``, ``news_mails.refused``, ``news_mails.wanted``; ``goal.*`` and ``commitment.*``
by the state they came to, ``goal.proposed``, ``commitment.proposed``, ``commitment.made``; ``idea.written``,
``idea.voted``, ``idea.vote_withdrawn``, ``idea.shown``, ``idea.hidden``, ``idea.state_changed``,
``idea.replied``, ``idea.merged``; ``application.sent``, ``application.step_set``, ``application.approved``,
``application.declined``, ``application.more_wanted``, ``application.words_added``, ``application.forgotten``;
``onboarding.started``, ``onboarding.step_done``, ``onboarding.step_reopened``, ``onboarding.finished``,
``onboarding.steps_set``; ``manners.set``.

Whom an announcement is for is frozen when it is published. Nobody agrees to their own proposal. An applicant
is never left without an answer: each decision is a mail with a sentence.
"""
