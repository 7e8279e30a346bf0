"""The review in words: what the records say, what a priority is made of, what applicants read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from booths.allocation import encode_canonical
from booths.models import Application, DecisionMessage, Tag
from booths.priority import Formula
from booths.queries.desk import Demand
from booths.queries.facts import History
from booths.queries.review import Choice, Reader, Wanted
from booths.states import ApplicationState
from core import codes
from core.vietnam import shown_date
from fairs.models import Fair
from registry.models import ActorType, Organisation, Product


@dataclass(frozen=True)
class Fact:
    """One thing that the records say of an applicant: a word, why, and how it is coloured.

    `tone` is `ok`, `wait`, `bad` or `info`; what is `ok` needs nobody's eye.
    """

    word: str
    why: str
    tone: str


def chosen_in_words(
    wanted: Wanted,
    *,
    places: Iterable[tuple[str, str]],
    tags: Iterable[Tag],
    demand: Iterable[Demand],
) -> list[str]:
    """What the queue is narrowed down to, as the form that does it names each; not its order."""
    groups = {each.group.code: each.group for each in demand}
    chosen = {
        gettext("Search"): wanted.search,
        gettext("State"): dict(ApplicationState.choices).get(wanted.state),
        gettext("Product group"): groups.get(wanted.group),
        gettext("Place"): dict(places).get(wanted.place),
        gettext("Tag"): {each.key: each.word for each in tags}.get(wanted.tag),
    }
    ticks = {
        gettext("Certificate problem"): wanted.lacks_certificate,
        gettext("Did not come before"): wanted.is_no_show,
        gettext("Not scored by me"): wanted.is_unscored,
    }
    said = [f"{label}: {value}" for label, value in chosen.items() if value]
    return said + [label for label, is_ticked in ticks.items() if is_ticked]


def facts_of(
    fair: Fair, organisation: Organisation, products: Sequence[Product], history: History
) -> list[Fact]:
    """What reviewers go by: certificates, papers, past fairs. Products with their certificate."""
    return [
        _certificates(products, fair),
        _papers(organisation),
        *_past(history),
    ]


def _certificates(products: Sequence[Product], fair: Fair) -> Fact:
    day = shown_date(fair.end)
    if not products:
        return Fact(gettext("No product"), gettext("No product is named."), "bad")
    short = [_missing(product, fair) for product in products if not _holds(product)]
    if short:
        return Fact(gettext("Certificate"), " ".join(short), "bad")
    why = gettext("Every product's certificate holds until the last day, %(day)s.")
    return Fact(gettext("Certificates valid"), why % {"day": day}, "ok")


def _holds(product: Product) -> bool:
    return bool(product.is_certified)  # type: ignore[attr-defined]


def _missing(product: Product, fair: Fair) -> str:
    ends = product.valid_until  # type: ignore[attr-defined]
    if ends is None:
        return gettext("“%(product)s” is not certified.") % {"product": product}
    if ends < fair.end and product.stars >= 3:  # type: ignore[attr-defined]
        said = gettext("The certificate of “%(product)s” ends on %(day)s, before the last day.")
        return said % {"product": product, "day": shown_date(ends)}
    said = gettext("“%(product)s” has no certificate of three stars or more in force on %(day)s.")
    return said % {"product": product, "day": shown_date(fair.end)}


# Those that the law registers, so that they have a tax code; artisans, farms and cooperative
# groups may have none.
REGISTERED = (ActorType.ENTERPRISE, ActorType.COOPERATIVE, ActorType.HOUSEHOLD)


def _papers(organisation: Organisation) -> Fact:
    if organisation.tax_code:
        why = gettext("Tax code %(code)s is on record.") % {"code": organisation.tax_code}
        return Fact(gettext("Papers in order"), why, "ok")
    if organisation.actor_type not in REGISTERED:
        why = gettext("%(kind)s: no registration is asked for.")
        kind = organisation.get_actor_type_display()
        return Fact(gettext("Papers in order"), why % {"kind": kind}, "ok")
    why = gettext("No tax code is on record: ask for the certificate of registration.")
    return Fact(gettext("Papers missing"), why, "wait")


def _past(history: History) -> Iterable[Fact]:
    if history.no_shows:
        why = gettext("Held a booth and was not seen there: %(fairs)s.")
        yield Fact(gettext("Did not come"), why % {"fairs": _named(history.no_shows)}, "bad")
    if history.is_first_time:
        yield Fact(gettext("First time"), gettext("Has never held a booth here."), "info")
    if history.lost_out:
        why = gettext("Stayed on the waiting list of %(fairs)s.")
        yield Fact(
            gettext("Lost out last time"), why % {"fairs": _named([history.lost_out])}, "info"
        )


def _named(fairs: Iterable[Fair]) -> str:
    return ", ".join(f"“{fair.short_title}” ({fair.first_day:%m/%Y})" for fair in fairs)


def formula_in_words(formula: Formula, places: Sequence[str]) -> list[tuple[str, str]]:
    """What each fact is worth, as rows of (fact, points); `places` are the names of its places."""
    kinds = dict(ActorType.choices)
    rows = [
        (gettext("Best product of %(stars)s stars") % {"stars": stars}, points)
        for stars, points in sorted(formula.stars.items(), reverse=True)
    ]
    rows += [(str(kinds.get(kind, kind)), points) for kind, points in formula.kinds.items()]
    rows += [
        (gettext("Has never held a booth at our fairs"), formula.first_time),
        (gettext("Stayed on the waiting list last time"), formula.lost_out),
        (gettext("From %(places)s") % {"places": ", ".join(places)}, formula.place * bool(places)),
    ]
    shown = [(fact, f"+{points}") for fact, points in rows if points]
    if formula.score:
        most = gettext("up to +%(points)s") % {"points": formula.score}
        shown.append((gettext("Reviewers' points, 10 of 10 for the most"), most))
    return shown


@dataclass(frozen=True)
class Letter:
    """What one applicant is told: an address, empty where it goes on paper, and the words."""

    application: Application
    reader: Reader
    subject: str
    body: str


def letters_of(choice: Choice, *, to: str, reasons: dict[str, str]) -> list[Letter]:
    """What each of the chosen is told of the decision, in the reader's language.

    `reasons` are by the application's code.
    """
    return [
        _letter(each, choice.readers[each.pk], to=to, reason=reasons.get(each.code, ""))
        for each in choice.applications
    ]


def _letter(application: Application, reader: Reader, *, to: str, reason: str) -> Letter:
    with translation.override(reader.language):
        subjects = {
            ApplicationState.ELIGIBLE: gettext("Application %(number)s for %(fair)s: accepted"),
            ApplicationState.REFUSED: gettext("Application %(number)s for %(fair)s: refused"),
        }
        named = {
            "number": codes.shown(application.code),
            "fair": application.fair.short_title,
        }
        context = {
            "application": application,
            "fair": application.fair,
            "number": codes.shown(application.code),
            "link": settings.SITE_URL + reverse("application_link", args=[application.token]),
            "is_accepted": to == ApplicationState.ELIGIBLE,
            "reason": reason,
        }
        body = render_to_string("booths/decision_letter.txt", context)
        subject = " ".join((subjects[ApplicationState(to)] % named).split())
    lines = [" ".join(line.split()) for line in body.splitlines()]
    paragraphs = "\n".join(lines).split("\n\n")
    text = "\n\n".join(filter(None, (paragraph.strip("\n") for paragraph in paragraphs)))
    return Letter(application, reader, subject[:200], text)


def seal_of(letters: Sequence[Letter]) -> str:
    """Equal for equal letters to equal addresses: that what is sent is what was read."""
    read = sorted(
        [each.application.code, each.reader.email, each.subject, each.body] for each in letters
    )
    return sha256(encode_canonical({"letters": read})).hexdigest()


def mail_of(message: DecisionMessage) -> EmailMessage:
    """The e-mail, word for word as it was previewed; sent again, it has the same Message-ID."""
    host = settings.SITE_HOST.partition(":")[0]
    return EmailMessage(
        message.subject,
        message.body,
        to=[message.email],
        headers={"Message-ID": f"<decision-{message.pk}@{host}>"},
    )
