"""Let the database refuse changes of events and seals."""

from django.db import migrations

from tongban.audit import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: guard.install(editor.connection),
            lambda apps, editor: guard.remove(editor.connection),
        )
    ]
