"""What is filled in to end a memorandum before its time."""

from datetime import date

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.forms.reasons import ReasonForm

MOST_BYTES = 10 * 1024 * 1024


class TerminationForm(ReasonForm):
    """One side has given notice."""

    ended_on = forms.DateField(label=_("No longer in force since"))
    notice = forms.FileField(
        label=_("Notice (PDF)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_ended_on(self) -> date:
        day: date = self.cleaned_data["ended_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean_notice(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["notice"]
        if file is None:
            return None
        if (file.size or 0) > MOST_BYTES or not file.read(5) == b"%PDF-":
            raise forms.ValidationError(_("The notice must be a PDF of at most 10 MB."))
        file.seek(0)
        return file
