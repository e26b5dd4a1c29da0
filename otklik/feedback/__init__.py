"""What partners answered: surveys, the wording they were asked with, and their responses.

Nouns: survey, survey version, response. Writes ``survey.created``, ``survey.versioned``,
``survey.archived``, ``survey.restored``, ``response.recorded``.
A response freezes the contact's role and the partner's dimensions at answer time, so
that a figure about the past does not move when somebody changes job.
"""
