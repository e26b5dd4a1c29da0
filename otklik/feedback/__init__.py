"""Surveys and what partners say: forms, waves, invitations, answers, comments; interviews and mentions.

Nouns: survey, survey version, link, wave, invitation, response, objection, comment topic, interview, guide,
mention, feed. Writes ``survey.*``, ``link.*``, ``wave.*``, ``invitation.*``, ``response.recorded``,
``response.changed``, ``response.set_aside``, ``contact.unsubscribed``, ``contact.complained``,
``contact.resubscribed``, ``occasion.noted``, ``asking_rules.changed``, ``comment_topic.saved``,
``comment_summary.asked``, ``interview.*``, ``mention.*``, ``guide.*``, ``feed.*``. Listens to
``ticket.status_changed`` and to its own answers.

An invitation freezes the contact's role and the partner's dimensions when it is planned, a response without
one when it is given, so that a figure about the past does not move when somebody changes job.
"""
