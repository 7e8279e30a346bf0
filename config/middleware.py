"""What wraps every request: its size, the reader's language, domain errors told in words."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.rules import needs_second_factor
from core.errors import DomainError, NotAllowed

Answer = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Vietnamese unless the reader chose otherwise; a browser's own wish is not asked.

    `?language=en` in an address wins, so that calendars and search engines can have either.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self.language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    @staticmethod
    def language(request: HttpRequest) -> str:
        known = dict(settings.LANGUAGES)
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        for chosen in (request.GET.get("language", ""), cookie):
            if chosen in known:
                return chosen
        if request.user.is_authenticated and request.user.language in known:
            return request.user.language
        return settings.LANGUAGE_CODE


class CompressMiddleware(GZipMiddleware):
    """Sends pages and other text compressed; what is small already, and streams, as they are."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or not kind.startswith(("text/", "application/json", "image/svg")):
            return response
        return super().process_response(request, response)


class DomainErrorMiddleware:
    """Turns what an action refused into a page or a message, never into a traceback."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, ObjectDoesNotExist):
            raise Http404 from error
        if isinstance(error, NotAllowed):
            return render(request, "403.html", {"error": error}, status=403)
        if not isinstance(error, DomainError):
            return None
        back = request.headers.get("Referer", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(
            back, allowed_hosts={request.get_host()}
        ):
            messages.error(request, str(error))
            return HttpResponseRedirect(back)
        return render(request, "400.html", {"error": error}, status=409)


class SecondFactorMiddleware:
    """Keeps people who can change a fair from doing so with one factor alone.

    Where settings.REQUIRE_SECOND_FACTOR is on, those of `needs_second_factor` who have no
    passkey and no authenticator app are sent to set one up before any page behind the desk and
    before the signing table. Whoever has one was asked for it at sign-in.
    """

    GUARDED = ("/desk/", "/table/", "/admin/", "/api/")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.is_missing(request):
            return self.get_response(request)
        text = _(
            "Your role needs a second factor. Please set up a passkey or an authenticator app."
        )
        if request.path.startswith("/api/"):
            return JsonResponse({"code": "second_factor.missing", "message": str(text)}, status=403)
        messages.warning(request, text)
        return redirect("mfa_index")

    def is_missing(self, request: HttpRequest) -> bool:
        return (
            settings.REQUIRE_SECOND_FACTOR
            and request.path.startswith(self.GUARDED)
            and needs_second_factor(request.user)
            and not is_mfa_enabled(request.user)
        )


class PermissionsMiddleware:
    """Lets no page use the camera but the signing table's, and none the place or the microphone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        camera = "(self)" if request.path.startswith("/table/") else "()"
        policy = f"camera={camera}, geolocation=(), microphone=()"
        response.headers["Permissions-Policy"] = policy
        return response


class PlainAddressMiddleware:
    """Answers 404 to an address with a NUL in it: no code has one, and PostgreSQL takes none."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.GET.urlencode():
            raise Http404
        return self.get_response(request)
