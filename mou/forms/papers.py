"""What is filled in about a paper that was signed by hand."""

from datetime import date

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.paper.scan import MAX_BYTES


class PaperForm(forms.Form):
    """The scan of all pages, and the day on which all three signed."""

    file = forms.FileField(
        label=_("Scan of all its pages"),
        help_text=_("One PDF, or one JPEG picture, up to 15 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg"}),
    )
    signed_on = forms.DateField(
        label=_("Signed on"),
        initial=lambda: timezone.localdate().strftime("%d/%m/%Y"),
        widget=forms.DateInput(attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy"}),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse by its size, before any of it is read into memory."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("The scan is larger than %(megabytes)s MB."),
                params={"megabytes": MAX_BYTES // 1024**2},
            )
        return file

    def clean_signed_on(self) -> date:
        day: date = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day
