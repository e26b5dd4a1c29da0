"""What partners answered: surveys, the wording they were asked with, and their responses; what they said
besides: interviews and public mentions.

Nouns: survey, survey version, response, interview, guide, mention, feed. Writes ``survey.created``, ``survey.versioned``,
``survey.archived``, ``survey.restored``, ``response.recorded``,
``interview.recorded``, ``interview.changed``, ``mention.recorded``, ``mention.attached``,
``mention.set_aside``, ``guide.*``, ``feed.created``, ``feed.changed``.
A response freezes the contact's role and the partner's dimensions at answer time, so
that a figure about the past does not move when somebody changes job.
"""
