"""Booths that two households share."""

from booths.actions.apply import begin_application
from booths.actions.sharing import confirm_sharing, name_partner
from booths.models import Application, Partner, SharedDay
from booths.queries.sharing import partner_by_token
from fairs.models import Fair
from registry.models import Organisation
from tests.builders import (
    make_fair,
    make_organisation,
    make_product,
    make_representative,
)

TAX_CODE = "0312687878"


def make_household(**fields: str) -> Organisation:
    """A producer with one certified product and somebody who acts for it."""
    organisation = make_organisation(**fields)
    make_product(organisation)
    make_representative(organisation)
    return organisation


def make_sharing(fair: Fair | None = None, *, contact: str = TAX_CODE) -> Partner:
    """A draft whose booth a household is asked to share: days 1–2 and 3–5 of five."""
    fair = fair or make_fair()
    applicant = make_household()
    actor = applicant.representatives.get().user
    make_household(tax_code=TAX_CODE, phone="+84987654321", email="ho@chophien.example")
    application = begin_application(fair=fair, organisation=applicant, actor=actor)
    application.products.set(applicant.products.all())
    return name_partner(application=application, seen=1, contact=contact, actor=actor)


def agree(partner: Partner) -> Partner:
    """The household agrees, with all of its products."""
    partner = partner_by_token(partner.token)
    return confirm_sharing(
        partner=partner,
        seen=[each.day for each in partner.days.all()],
        codes=list(partner.organisation.products.values_list("code", flat=True)),
        consent=True,
        actor=partner.organisation.representatives.get().user,
    )


def share_stand(application: Application, organisation: Organisation, *days: int) -> Partner:
    """The organisation has agreed to have the stand on these days of the fair."""
    partner = Partner.objects.create(
        application=application,
        organisation=organisation,
        consent_text="Tôi đồng ý",
        confirmed_at=application.submitted_at,
    )
    partner.products.set(organisation.products.all())
    SharedDay.objects.bulk_create(
        SharedDay(
            partner=partner,
            fair=application.fair,
            application=application,
            organisation=organisation,
            day=day,
            is_confirmed=True,
        )
        for day in days
    )
    return partner
