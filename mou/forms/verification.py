"""What is filled in on the verify page."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from mou.paper.verdict import MAX_BYTES, TOO_LARGE


class CodeForm(forms.Form):
    """A memorandum's code, as it is printed."""

    code = forms.CharField(label=_("Code on the paper"), max_length=40)


class FileForm(forms.Form):
    """A PDF that somebody wants to be sure of."""

    file = forms.FileField(label=_("PDF file"))

    def clean_file(self) -> UploadedFile:
        """Refuse by its size, before any of it is read into memory."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE, params={"megabytes": MAX_BYTES // 1024**2})
        return file
