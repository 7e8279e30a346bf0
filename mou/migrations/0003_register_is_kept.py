"""The database itself refuses to delete or change what was numbered, frozen, signed or sealed."""

from django.db import migrations

from mou.migrations._guards import put_up, take_down


class Migration(migrations.Migration):
    dependencies = [("mou", "0002_ceremonies_register_follow_up")]

    operations = [migrations.RunPython(put_up, take_down)]
