import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("core", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("attempt", models.PositiveIntegerField()),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="core.storedfile")),
            ],
        ),
    ]
