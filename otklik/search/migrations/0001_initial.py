from django.db import migrations, models

# detail and columnsize off: neither phrases nor ranking are asked of FTS5, and the index is a third of the size.
# The ascii tokenizer takes every letter beyond ASCII as part of a word, so terms stay as they were made.
FTS5 = """
CREATE VIRTUAL TABLE search_index USING fts5(
    terms, tokenize = 'ascii', detail = 'none', columnsize = 0, prefix = '2 3'
)
"""
# Kept beside the terms, which need no parser: a query that walks the newest rows would make the vector of each
# anew, and the planner knows no frequencies of an expression.
VECTOR = """
ALTER TABLE search_index ADD COLUMN vector tsvector
GENERATED ALWAYS AS (array_to_tsvector(string_to_array(terms, ' '))) STORED
"""
GIN = "CREATE INDEX search_index_vector ON search_index USING gin (vector)"


class CreateIndexTable(migrations.CreateModel):
    """An FTS5 virtual table on SQLite, a table with a GIN index elsewhere; the same model for both."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(FTS5)
            return
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        schema_editor.execute(VECTOR)
        schema_editor.execute(GIN)


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("object_id", models.BigIntegerField()),
                ("program_id", models.BigIntegerField(null=True)),
                ("title", models.CharField(max_length=250)),
                ("title_key", models.CharField(max_length=250)),
                ("note", models.CharField(blank=True, max_length=250)),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "object_id"), name="search_document_once")
                ],
            },
        ),
        CreateIndexTable(
            name="IndexedText",
            fields=[
                ("rowid", models.BigIntegerField(primary_key=True, serialize=False)),
                ("terms", models.TextField()),
            ],
            options={"db_table": "search_index"},
        ),
    ]
