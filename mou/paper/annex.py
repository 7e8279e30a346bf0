"""What an annex changes, line by line, in the words of the Vietnamese paper."""

from dataclasses import fields

from core.vietnam import formal_date, shown_number
from mou.paper.content import Change, Content, Item, Party, Terms

PARTY = {
    "name": "tên",
    "address": "địa chỉ",
    "tax_code": "mã số thuế",
    "phone": "điện thoại",
    "representative": "đại diện",
    "position": "chức vụ",
    "authority": "giấy ủy quyền",
    "account": "tài khoản",
}
TERMS = {
    "notice_days": "Báo trước thay đổi, ngày",
    "answer_days": "Trả lời sau khi nhận mẫu, ngày",
    "listing_days": "Xem xét đưa vào hệ thống, ngày",
    "confidential_months": "Bảo mật, tháng",
    "end_notice_days": "Báo trước chấm dứt, ngày",
}


def changes_between(old: Content, new: Content) -> tuple[Change, ...]:
    """What stands in one and not in the other: products, last day, figures, particulars."""
    before, after = _lines(old), _lines(new)
    names = dict.fromkeys([*before, *after])
    return tuple(
        Change(old=before.get(name, ""), new=after.get(name, ""))
        for name in names
        if before.get(name) != after.get(name)
    )


def _lines(content: Content) -> dict[str, str]:
    """Each thing that may change, under a name of its own, as a whole sentence."""
    lines = {f"item {item.name}": _item(item) for item in content.items}
    lines["expires_on"] = f"Hiệu lực đến hết {formal_date(content.terms.expires_on)}"
    for field in fields(Terms):
        if field.name in TERMS:
            value = getattr(content.terms, field.name)
            lines[field.name] = f"{TERMS[field.name]}: {value}"
    for side, party in (("Bên A", content.party_a), ("Bên B", content.party_b)):
        lines |= _party(side, party)
    return lines


def _item(item: Item) -> str:
    quantity = f"{shown_number(item.quantity, 'vi')} {item.unit}/{item.period}"
    if item.reference_price is None:
        return f"{item.name}: {quantity}"
    return (
        f"{item.name}: {quantity}, giá tham chiếu {shown_number(item.reference_price, 'vi')} đồng"
    )


def _party(side: str, party: Party) -> dict[str, str]:
    return {
        f"{side} {name}": f"{side}, {label}: {getattr(party, name)}"
        for name, label in PARTY.items()
        if getattr(party, name)
    }
