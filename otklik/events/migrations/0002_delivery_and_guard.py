import django.utils.timezone
from django.db import migrations, models
from django.db.models.deletion import PROTECT

from otklik.events.append_only import guard, lift


def add_guard(apps, schema_editor):
    for statement in guard(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def lift_guard(apps, schema_editor):
    for statement in lift(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        migrations.AddField(
            "batch", "touched_at", models.DateTimeField(default=django.utils.timezone.now), preserve_default=False
        ),
        migrations.AddField("batch", "starts", models.PositiveIntegerField(default=0)),
        migrations.AddField("delivery", "quarantined_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "batch",
            models.Index(
                condition=models.Q(("done_at__isnull", True)), fields=["touched_at"], name="events_batch_open"
            ),
        ),
        migrations.AlterModelOptions("event", {"base_manager_name": "objects"}),
        migrations.AlterModelOptions("eventsubject", {"base_manager_name": "objects"}),
        migrations.AlterField(
            "delivery", "event", models.ForeignKey(on_delete=PROTECT, related_name="+", to="events.event")
        ),
        migrations.AlterField(
            "eventsubject",
            "event",
            models.ForeignKey(on_delete=PROTECT, related_name="subjects", to="events.event"),
        ),
        migrations.RunPython(add_guard, lift_guard),
    ]
