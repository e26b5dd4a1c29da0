"""The door of the import: what an app needs to offer a target of its own, and what the command line runs."""

from otklik.partners.imports.guessing import guessed_mapping
from otklik.partners.imports.known.words import ROLE as role_words  # noqa: N811  # a table, not a constant to compare with
from otklik.partners.imports.operations.carry_on import carry_on
from otklik.partners.imports.operations.receive import receive_file
from otklik.partners.imports.operations.rehearse import rehearse_file
from otklik.partners.imports.operations.start import start_run
from otklik.partners.imports.people import Meant, PersonRef, find_people
from otklik.partners.imports.queries import failed_table, failure_groups, row_reasons, same_file_before
from otklik.partners.imports.reasons import complaints_of, refusal_of, refusal_text
from otklik.partners.imports.rules import values as import_values
from otklik.partners.imports.rules.values import BadValue, Hints, Looks
from otklik.partners.imports.sample import Reading, Sample, look_at
from otklik.partners.imports.targets import (
    SKIPPED,
    STORED,
    Fate,
    Field,
    ImportContext,
    ImportRow,
    ImportTarget,
    Option,
    Outcome,
    UnknownTarget,
    failed,
    import_targets,
    target_named,
    words,
)
from otklik.partners.imports.understanding import Plan
from otklik.partners.models import ImportRun
from otklik.partners.rules.places import zone_names

__all__ = [
    "SKIPPED",
    "STORED",
    "BadValue",
    "Fate",
    "Field",
    "Hints",
    "ImportContext",
    "ImportRow",
    "ImportRun",
    "ImportTarget",
    "Looks",
    "Meant",
    "Option",
    "Outcome",
    "PersonRef",
    "Plan",
    "Reading",
    "Sample",
    "UnknownTarget",
    "carry_on",
    "complaints_of",
    "failed",
    "failed_table",
    "failure_groups",
    "find_people",
    "guessed_mapping",
    "import_targets",
    "import_values",
    "look_at",
    "receive_file",
    "refusal_of",
    "refusal_text",
    "rehearse_file",
    "role_words",
    "row_reasons",
    "same_file_before",
    "start_run",
    "target_named",
    "words",
    "zone_names",
]
