"""What the columns of a file seem to mean."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.utils import translation

from otklik.partners.imports.rules.headers import guess_mapping
from otklik.partners.imports.sample import Sample
from otklik.partners.imports.targets import Field, ImportTarget


def guessed_mapping(target: ImportTarget, sample: Sample) -> dict[str, str]:
    """Column name -> field name. A field is also known by its label in any of our languages: the empty
    tables that we hand out have those for headers.
    """
    return guess_mapping(sample.columns, sample.cells(), [_with_labels(field) for field in target.fields])


def _with_labels(field: Field) -> Field:
    labels = []
    for code, _ in settings.LANGUAGES:
        with translation.override(code):
            labels.append(str(field.label))
    return replace(field, synonyms=(*field.synonyms, *labels))
