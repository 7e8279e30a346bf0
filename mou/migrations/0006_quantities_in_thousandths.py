"""A line's quantity may have three decimals: its table holds whole thousandths from now on."""

from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError
from django.db.models import F

from mou.migrations._guards import put_up, take_down


def count_thousandths(apps, schema_editor):
    items = apps.get_model("mou", "Item").objects.using(schema_editor.connection.alias)
    items.update(quantity_thousandths=F("quantity_thousandths") * 1000)
    # PostgreSQL alters no table whose foreign keys wait to be checked, as those of new rows do,
    # and to it all rows of a table that was made anew are new.
    schema_editor.connection.check_constraints()


def count_wholes(apps, schema_editor):
    items = apps.get_model("mou", "Item").objects.using(schema_editor.connection.alias)
    if items.annotate(part=F("quantity_thousandths") % 1000).filter(part__gt=0).exists():
        raise IrreversibleError("A quantity has decimals: whole numbers cannot hold it.")
    items.update(quantity_thousandths=F("quantity_thousandths") / 1000)
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("mou", "0005_ceremony_paper_and_offline")]

    operations = [
        migrations.RunPython(take_down, put_up),
        migrations.RemoveConstraint(model_name="item", name="item_quantity_positive"),
        migrations.RenameField(
            model_name="item", old_name="quantity", new_name="quantity_thousandths"
        ),
        migrations.AlterField(
            model_name="item",
            name="quantity_thousandths",
            field=models.PositiveBigIntegerField(verbose_name="quantity in thousandths"),
        ),
        migrations.RunPython(count_thousandths, count_wholes),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity_thousandths__gt", 0)), name="item_quantity_positive"
            ),
        ),
        migrations.RunPython(put_up, take_down),
    ]
