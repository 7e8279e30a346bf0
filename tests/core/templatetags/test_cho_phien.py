"""What pages say through the tag library and the parts."""

import datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils import translation

from badges.states import BadgeState
from booths.states import ApplicationState, OfferState, RunState
from core.jobs import Job, State
from core.templatetags.cho_phien import STATE_TONES
from fairs.states import DeliveryState, FairState
from mou.states import MemorandumState


def _render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


class _Form(forms.Form):
    name = forms.CharField(label="Tên", help_text="Như trong giấy đăng ký.")
    consent = forms.BooleanField(label="Tôi đồng ý")


def test_icon_is_hidden_from_screen_readers() -> None:
    assert _render('{% icon "calendar" %}') == (
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="'
        '/static/vendor/lucide-static%401.62.0/sprite.svg#calendar"></use></svg>'
    )


def test_icon_refuses_a_name_that_the_sprite_lacks() -> None:
    with pytest.raises(TemplateSyntaxError, match="no icon “calender”"):
        _render('{% icon "calender" %}')


def test_state_tag_says_the_word_with_the_state_s_colour_and_icon() -> None:
    tag = _render("{% state_tag job %}", job=Job(state="failed"))
    with translation.override("en"):
        assert "Failed" in _render("{% state_tag job %}", job=Job(state="failed"))
    assert tag.startswith('<span class="tag bad">')
    assert "#triangle-alert" in tag


def test_every_state_has_a_tone_and_every_tone_a_state() -> None:
    fairs, booths = (FairState, DeliveryState), (ApplicationState, RunState, OfferState)
    machines = (State, *fairs, *booths, BadgeState, MemorandumState)
    assert set(STATE_TONES) == {value for machine in machines for value in machine.values}


def test_state_tag_shows_an_unknown_state_in_plain_grey() -> None:
    thing = SimpleNamespace(mood="odd", get_mood_display=lambda: "<odd>")
    assert _render('{% state_tag thing "mood" %}', thing=thing) == (
        '<span class="tag ">&lt;odd&gt;</span>'
    )


def test_filters_say_dates_numbers_and_money_as_the_language_does() -> None:
    source = "{{ day|shown_date }} {{ n|shown_number }} {{ n|shown_money }} {{ day|lunar }}"
    context = {"day": datetime.date(2026, 12, 2), "n": 1054}
    assert _render(source, **context) == "02/12/2026 1.054 1.054\u00a0₫ 24/10"
    with translation.override("en"):
        assert _render(source, **context) == "02/12/2026 1,054 VND\u00a01,054 24/10"


def test_date_filter_turns_a_moment_into_the_day_it_was_in_vietnam() -> None:
    moment = datetime.datetime(2026, 12, 1, 18, 30, tzinfo=datetime.UTC)
    assert _render("{{ moment|shown_date }}", moment=moment) == "02/12/2026"


@pytest.mark.parametrize("name", ["shown_date", "shown_number", "shown_money", "lunar"])
def test_filters_say_nothing_for_nothing(name: str) -> None:
    assert _render("{{ nothing|" + name + " }}", nothing=None) == ""


def test_field_with_an_error_is_tied_to_help_and_error() -> None:
    html = _Form({"name": ""})["name"].as_field_group()
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_error_summary_links_to_each_wrong_field() -> None:
    html = render_to_string("parts/errors.html", {"form": _Form({})})
    assert [part.split('"')[0] for part in html.split('href="#')[1:]] == ["id_name", "id_consent"]
    assert render_to_string("parts/errors.html", {"form": _Form()}).strip() == ""


@pytest.mark.parametrize(
    ("state", "asks_again"),
    [
        ("waiting", True),
        ("running", True),
        ("done", False),
        ("failed", False),
        ("cancelled", False),
    ],
)
def test_job_part_asks_again_only_while_the_job_is_open(state: str, asks_again: bool) -> None:
    html = render_to_string("parts/job.html", {"job": Job(state=state, token="abc")})
    assert ('hx-trigger="every 1s"' in html) is asks_again


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_error_page_needs_neither_request_nor_database(name: str) -> None:
    html = render_to_string(name)
    assert '<main id="main"' in html
