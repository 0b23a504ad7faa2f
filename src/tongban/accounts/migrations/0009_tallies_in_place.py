"""Counts of failed log-ins change in their place: what changes with each of them is in no index."""

from datetime import timedelta

from django.db import migrations, models


def days_to_forget(apps, schema_editor):
    tallies = apps.get_model("accounts", "LogInTally").objects.filter(forget_on=None)
    for tally in tallies.iterator():
        tally.forget_on = tally.remembered_until.date() + timedelta(days=1)
        tally.save(update_fields=["forget_on"])


def room_on_every_page(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE accounts_logintally SET (fillfactor = 50)")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_weak_passwords")]

    operations = [
        migrations.RemoveIndex(model_name="logintally", name="log_in_tallies_by_end"),
        migrations.AddField(model_name="logintally", name="forget_on", field=models.DateField(null=True)),
        migrations.RunPython(days_to_forget, migrations.RunPython.noop),
        migrations.AlterField(model_name="logintally", name="forget_on", field=models.DateField()),
        migrations.AddIndex(
            model_name="logintally", index=models.Index(fields=["forget_on"], name="log_in_tallies_to_forget")
        ),
        migrations.RunPython(room_on_every_page, migrations.RunPython.noop),
    ]
