"""What each legal basis asks for, as the office begins with it. It is the office's to edit."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

DECREE = "Nghị định 81/2018/NĐ-CP, Điều 29"
VENUE = ("Văn bản chấp thuận cho sử dụng địa điểm", "Consent to use the venue")
SAFETY = (
    "Phương án an ninh trật tự và phòng cháy, chữa cháy",
    "Plan for security and fire safety",
)
# Of each basis: source, announced by a decision, registered from … until … days before the
# opening, and its checklist: title, English title, days before the opening, with a document.
RULES = {
    "city_programme": (
        DECREE,
        True,
        None,
        None,
        [
            (
                "Quyết định phê duyệt chương trình của UBND Thành phố",
                "Decision of the city's People's Committee on the programme",
                45,
                True,
            ),
            ("Kế hoạch tổ chức được phê duyệt", "Approved plan of the event", 30, True),
            (*VENUE, 30, True),
            (*SAFETY, 15, True),
            (
                "Danh sách đơn vị và sản phẩm tham gia",
                "List of participating organisations and products",
                7,
                False,
            ),
        ],
    ),
    "registered": (
        DECREE,
        False,
        365,
        30,
        [
            (
                "Đơn đăng ký tổ chức hội chợ, triển lãm thương mại",
                "Application for the registration of a trade fair",
                30,
                True,
            ),
            (
                "Danh sách hàng hoá và đơn vị dự kiến tham gia",
                "List of goods and organisations expected to take part",
                30,
                True,
            ),
            (
                "Văn bản xác nhận đăng ký của Sở Công Thương",
                "Written confirmation of the Department of Industry and Trade",
                20,
                True,
            ),
            (*VENUE, 30, True),
            (*SAFETY, 15, True),
        ],
    ),
    "internal": (
        "",
        False,
        None,
        None,
        [
            (
                "Tờ trình được lãnh đạo phê duyệt",
                "Approval note signed by the office's leaders",
                30,
                True,
            ),
            (*VENUE, 15, True),
        ],
    ),
}


def write_rules(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Write the rules that are not there yet; one that is there is the office's."""
    rules = apps.get_model("fairs", "LegalRule")
    items = apps.get_model("fairs", "ChecklistItem")
    for basis, (source, needs_decision, earliest, latest, checklist) in RULES.items():
        rule, created = rules.objects.get_or_create(
            basis=basis,
            defaults={
                "source": source,
                "needs_decision": needs_decision,
                "register_from_days": earliest,
                "register_until_days": latest,
            },
        )
        if not created:
            continue
        for order, (title, title_en, due_days, needs_document) in enumerate(checklist, start=1):
            items.objects.create(
                rule=rule,
                title=title,
                title_en=title_en,
                due_days=due_days,
                needs_document=needs_document,
                order=order,
            )


def remove_unused(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Take away what no fair relies on."""
    items = apps.get_model("fairs", "ChecklistItem").objects
    items.filter(ticks__isnull=True, documents__isnull=True).delete()
    apps.get_model("fairs", "LegalRule").objects.filter(items__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("fairs", "0003_series_pavilions_papers_notices")]

    operations = [migrations.RunPython(write_rules, remove_unused)]
