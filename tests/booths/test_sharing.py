"""Two households share one booth by days: asked, agreed to, divided, ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from booths.actions.apply import begin_application, submit_application, withdraw_application
from booths.actions.sharing import confirm_sharing, divide_days, end_sharing, name_partner
from booths.models import Application, Partner, SharedDay
from booths.queries import applications_of
from booths.queries.sharing import partner_by_token, shared_by, with_partners
from booths.states import ApplicationState
from core.audit import AuditEvent
from core.errors import NotAllowed, StaleState
from fairs.models import Fair
from fairs.states import FairState
from tests.booths.scenes import answer_of, compute_run, make_allocating_fair, publish_run
from tests.booths.sharing_scenes import TAX_CODE, agree, make_household, make_sharing, share_stand
from tests.builders import (
    make_application,
    make_certification,
    make_fair,
    make_organisation,
    make_organiser,
    make_product,
    make_representative,
    make_user,
)
from tests.claims import refused

pytestmark = pytest.mark.django_db


def _person(organisation: Any) -> User:
    user: User = organisation.representatives.get().user
    return user


def _days(partner: Partner) -> list[int]:
    live = SharedDay.objects.filter(partner=partner, released_at=None).order_by("day")
    return list(live.values_list("day", flat=True))


def _send(application: Application) -> Application:
    row = Application.objects.get(pk=application.pk)
    actor = _person(row.organisation)
    return submit_application(application=row, seen=row.version, consent=True, actor=actor)


def _divide(application: Application, households: dict[int, str]) -> Application:
    row = Application.objects.get(pk=application.pk)
    actor = _person(row.organisation)
    return divide_days(application=row, seen=row.version, households=households, actor=actor)


def _held(application: Application) -> list[tuple[str, list[int]]]:
    """Who has the booth on which days of the fair."""
    rows = with_partners(Application.objects.select_related("fair", "organisation"))
    row = rows.get(pk=application.pk)
    return [
        (each.organisation.code, [(day - row.fair.first_day).days + 1 for day in each.days])
        for each in shared_by(row)
    ]


def test_two_households_share_one_application_and_one_booth_by_days() -> None:
    partner = make_sharing()
    application = partner.application
    with refused("sharing.unconfirmed"):
        _send(application)
    assert _held(application) == []  # nobody is told of what is merely asked
    agree(partner)
    codes = [application.organisation.code, partner.organisation.code]
    assert _held(application) == [(codes[0], [1, 2]), (codes[1], [3, 4, 5])]
    assert _send(application).state == ApplicationState.SUBMITTED
    assert Application.objects.count() == 1
    verbs = AuditEvent.objects.filter(subject=application.code).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "booths.application_begun",
        "booths.sharing_asked",
        "booths.sharing_confirmed",
        "booths.application_submitted",
    ]


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("031 268 7878", None),
        ("0987 654 321", "0987 654 321"),
        ("HO@chophien.example", "ho@chophien.example"),
    ],
)
def test_a_phone_number_does_not_tell_whose_it_is_before_they_agree(
    contact: str, shown: str | None
) -> None:
    partner = make_sharing(contact=contact)
    name = partner.organisation.name
    assert str(partner) == (shown or name)
    client = Client()
    client.force_login(_person(partner.application.organisation))
    for step in ("sharing", "booths", "send"):
        page = client.get(f"/my/applications/{partner.application.code}/{step}/").text
        assert (name in page) == (shown is None)
        assert partner.organisation.code not in page
        assert (shown or name) in page
    assert str(agree(partner)) == name


def test_who_cannot_share_is_refused_with_a_sentence() -> None:
    partner = make_sharing()
    row = Application.objects.get(pk=partner.application_id)
    actor = _person(row.organisation)
    row.organisation.tax_code = "0100109106"
    row.organisation.save()
    applied = make_application(row.fair, make_household(tax_code="0101248141"))
    for number in range(2):
        make_household(phone="+84911111111", name=f"Hộ {number}")
    cases = {
        "sharing.unknown": "0999 999 999",
        "sharing.ambiguous": "0911 111 111",
        "sharing.oneself": "0100109106",
        "sharing.already": TAX_CODE,
        "sharing.applied": "0101248141",
    }
    for code, contact in cases.items():
        with refused(code):
            name_partner(application=row, seen=row.version, contact=contact, actor=actor)
    assert Partner.objects.count() == 1
    applied.delete()
    with pytest.raises(StaleState):
        name_partner(application=row, seen=1, contact="0101248141", actor=actor)
    with pytest.raises(NotAllowed):
        name_partner(application=row, seen=row.version, contact=TAX_CODE, actor=make_user())


def test_every_day_has_one_household_and_every_household_a_day() -> None:
    partner = agree(make_sharing())
    application, other = partner.application, partner.organisation.code
    own = application.organisation.code
    with refused("sharing.household_without_day"):
        _divide(application, dict.fromkeys(range(1, 6), own))
    with refused("sharing.days_incomplete"):
        _divide(application, {1: own, 2: own, 3: other, 4: other})
    with refused("sharing.days_incomplete"):
        _divide(application, {**dict.fromkeys(range(1, 5), own), 5: "HN-GIA"})
    assert _days(partner) == [3, 4, 5]
    _divide(application, {1: other, 2: own, 3: own, 4: own, 5: other})
    assert _days(partner) == [1, 5]
    with refused("sharing.unconfirmed"):  # these are not the days they agreed to
        _send(application)


def test_a_household_agrees_to_the_days_it_has_read() -> None:
    partner = partner_by_token(make_sharing().token)
    person = _person(partner.organisation)
    said: dict[str, Any] = {
        "partner": partner,
        "codes": [partner.organisation.products.get().code],
        "consent": True,
        "actor": person,
    }
    with pytest.raises(StaleState):
        confirm_sharing(seen=[1, 2, 3], **said)
    with refused("apply.consent_missing"):
        confirm_sharing(seen=[3, 4, 5], **{**said, "consent": False})
    with refused("apply.product_unknown"):
        confirm_sharing(seen=[3, 4, 5], **{**said, "codes": [make_product().code]})
    for actor in (make_user(), _person(partner.application.organisation)):
        with pytest.raises(NotAllowed):
            confirm_sharing(seen=[3, 4, 5], **{**said, "actor": actor, "note": "Ký giấy"})
    officer = make_user(role=Role.COMMUNE_OFFICER, fair=partner.application.fair)
    with refused("apply.note_missing"):
        confirm_sharing(seen=[3, 4, 5], **{**said, "actor": officer})
    row = confirm_sharing(
        seen=[3, 4, 5], **{**said, "actor": officer, "note": "Bà Lò Thị Mai ký 01/11/2026"}
    )
    assert (row.confirmed_by, row.consent_note) == (officer, "Bà Lò Thị Mai ký 01/11/2026")
    with refused("sharing.confirmed"):
        confirm_sharing(seen=[3, 4, 5], **said)


def test_a_partners_certificates_are_judged_on_the_last_day_and_again_at_sending() -> None:
    partner = make_sharing()
    fair = partner.application.fair
    barred = make_product(partner.organisation, stars=0, name="rút")
    certification = make_certification(barred, valid_until=fair.end)
    with refused("apply.product_barred"):
        certification.withdrawn_on = timezone.localdate()
        certification.save()
        agree(partner)
    certification.withdrawn_on = None
    certification.save()
    agree(partner)
    certification.withdrawn_on = timezone.localdate()
    certification.save()
    with refused("apply.product_barred"):
        _send(partner.application)


def test_a_household_is_in_one_booth_a_day() -> None:
    fair = make_fair()
    first = agree(make_sharing(fair))
    household = first.organisation
    applicant = make_household()
    row = begin_application(fair=fair, organisation=applicant, actor=_person(applicant))
    name: dict[str, Any] = {"application": row, "contact": TAX_CODE, "actor": _person(applicant)}
    with refused("sharing.no_day_left"):
        name_partner(seen=1, **name)
    own, other = first.application.organisation.code, household.code
    _divide(first.application, {1: own, 2: own, 3: other, 4: own, 5: own})
    agree(first)
    second = name_partner(seen=1, **name)
    assert _days(second) == [4, 5]
    mine = applicant.code
    with refused("sharing.day_taken"):
        _divide(row, {1: mine, 2: mine, 3: other, 4: other, 5: other})
    agree(second)
    with refused("apply.shares"):
        begin_application(fair=fair, organisation=household, actor=_person(household))


def test_of_two_who_ask_the_first_agreed_to_has_the_day() -> None:
    fair = make_fair()
    first = make_sharing(fair)
    applicant = make_household()
    row = begin_application(fair=fair, organisation=applicant, actor=_person(applicant))
    second = name_partner(application=row, seen=1, contact=TAX_CODE, actor=_person(applicant))
    agree(second)
    with refused("sharing.day_taken"):
        agree(first)


def test_the_database_knows_one_household_a_day_and_one_booth_a_day() -> None:
    fair = make_fair()
    one, two, third = (make_application(fair) for _each in range(3))
    partner = share_stand(one, make_household(), 3, 4)
    with pytest.raises(IntegrityError), transaction.atomic():
        share_stand(one, make_household(), 4)
    with pytest.raises(IntegrityError), transaction.atomic():
        share_stand(two, partner.organisation, 4, 5)
    share_stand(two, partner.organisation, 5)
    SharedDay.objects.filter(partner=partner).update(released_at=timezone.now())
    share_stand(third, partner.organisation, 4)
    assert SharedDay.objects.filter(organisation=partner.organisation).count() == 4


def test_a_withdrawn_application_frees_the_households_that_shared_it() -> None:
    partner = agree(make_sharing())
    application = partner.application
    withdraw_application(application=application, actor=_person(application.organisation))
    partner.refresh_from_db()
    assert (partner.ended_at is None, _days(partner)) == (False, [])
    begun = begin_application(
        fair=application.fair,
        organisation=partner.organisation,
        actor=_person(partner.organisation),
    )
    assert begun.organisation == partner.organisation


def test_a_partner_may_leave_until_the_fair_begins_and_its_days_go_back() -> None:
    fair = make_allocating_fair(applications=1, booths=1)
    application = fair.applications.get()
    partner = share_stand(application, make_household(), 3, 4, 5)
    publish_run(fair)
    with refused("sharing.decided"):
        end_sharing(partner=partner, actor=make_representative(application.organisation))
    with pytest.raises(NotAllowed):
        end_sharing(partner=partner, actor=make_user())
    end_sharing(partner=partner, actor=_person(partner.organisation))
    assert _held(application) == []
    client = Client()
    client.force_login(_person(application.organisation))
    told = client.get(f"/my/applications/{application.code}/", {"language": "en"}).text
    assert partner.organisation.name in told
    with pytest.raises(StaleState):
        end_sharing(partner=partner, actor=make_organiser(fair))
    again = share_stand(application, partner.organisation, 5)
    Fair.objects.update(state=FairState.RUNNING)
    again.application.fair.refresh_from_db()
    with refused("sharing.too_late"):
        end_sharing(partner=again, actor=_person(partner.organisation))


def test_the_desk_sees_that_a_partners_product_may_not_use_the_mark() -> None:
    application = make_application()
    household = make_organisation()
    make_product(household, stars=0)
    assert [each.lacks_certificate for each in applications_of(application.fair)] == [False]
    share_stand(application, household, 2)
    assert [each.lacks_certificate for each in applications_of(application.fair)] == [True]


def test_sharing_changes_nothing_of_what_is_allocated() -> None:
    fair = make_allocating_fair(applications=2, booths=2)
    before = compute_run(fair)
    share_stand(fair.applications.get(code="DK-1"), make_household(), 1)
    after = compute_run(fair)
    assert before.instance == after.instance
    assert answer_of(before)["assignments"] == answer_of(after)["assignments"]


def test_days_follow_the_fair_when_it_is_moved_or_gets_shorter() -> None:
    application = make_application()
    partner = share_stand(application, make_household(), 4, 5)
    fair = application.fair
    fair.first_day += timedelta(days=7)
    fair.last_day = fair.first_day + timedelta(days=3)
    fair.save()
    codes = [application.organisation.code, partner.organisation.code]
    assert _held(application) == [(codes[0], [1, 2, 3]), (codes[1], [4])]
    fair.last_day = fair.first_day
    fair.save()
    assert _held(application) == []


def test_the_applicant_shares_the_booth_and_the_other_agrees_on_their_phones() -> None:
    fair, applicant = make_fair(), make_household()
    other = make_household(tax_code=TAX_CODE)
    row = begin_application(fair=fair, organisation=applicant, actor=_person(applicant))
    mine, theirs = Client(), Client()
    mine.force_login(_person(applicant))
    theirs.force_login(_person(other))
    booths = f"/my/applications/{row.code}/booths/"
    sharing = f"/my/applications/{row.code}/sharing/"
    typed = {"version": 1, "booths_wanted": "1", "power_kw": "2", "share": "1"}
    assert mine.post(booths, typed).headers["Location"] == sharing
    assert mine.post(sharing, {"version": 2, "contact": ""}).status_code == 422
    wrong = mine.post(sharing, {"version": 2, "contact": "0312687879"})
    assert (wrong.status_code, 'value="0312687879"' in wrong.text) == (409, True)
    assert mine.post(sharing, {"version": 2, "contact": TAX_CODE}).status_code == 302
    partner = Partner.objects.get()
    page = mine.get(sharing).text
    link = f"/my/sharing/{partner.token}/"
    assert (link in page, page.count('type="radio"')) == (True, 10)
    days = {f"day_{day}": "own" for day in range(1, 5)} | {"day_5": partner.token}
    stale = mine.post(sharing, {"version": 1, "divide": "1", **days})
    assert (stale.status_code, _days(partner)) == (409, [3, 4, 5])
    assert mine.post(sharing, {"version": 3, "divide": "1", **days}).status_code == 302
    assert _days(partner) == [5]
    assert mine.get(link).status_code == 403
    page = theirs.get(link).text
    assert ("checked" in page, applicant.name in page) == (False, True)
    product = other.products.get()
    agreed = {"days": "5", "products": [product.code], "consent": "on"}
    assert theirs.post(link, {**agreed, "days": "4"}).status_code == 409
    assert theirs.post(link, {**agreed, "consent": ""}).status_code == 422
    assert theirs.post(link, agreed).status_code == 302
    assert theirs.get(link).status_code == 200
    assert theirs.post(f"{link}end/").status_code == 422
    assert theirs.post(f"{link}end/", {"confirm": "yes"}).status_code == 302
    assert (Partner.objects.get().ended_at is None, theirs.get(link).status_code) == (False, 200)
    assert mine.post(sharing, {"version": 9, "end": partner.token}).status_code in (409, 302)


def test_the_applicant_takes_a_household_off_and_a_strange_link_opens_nothing() -> None:
    partner = make_sharing()
    client = Client()
    client.force_login(_person(partner.application.organisation))
    sharing = f"/my/applications/{partner.application.code}/sharing/"
    assert client.post(sharing, {"end": partner.token}).status_code == 302
    assert Partner.objects.get().ended_at is not None
    assert client.get("/my/sharing/nichts/").status_code == 404
