"""What an organiser fills in about the papers of a fair."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.papers import MOST_BYTES
from core.text import clean
from fairs.actions.papers import Paper
from fairs.forms.editing import DAY, LineField
from fairs.models import ChecklistItem, Document, Fair

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"


class PaperForm(forms.Form):
    """A paper to be kept: for a line of the checklist, instead of another, or by itself."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, JPEG, PNG, Word (.docx) or Excel (.xlsx), at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"empty": _("The file is empty.")},
    )
    title = LineField(max_length=200)
    number = LineField(max_length=60, required=False)
    valid_until = forms.DateField(
        widget=forms.DateInput(attrs=DAY),
        required=False,
        help_text=_("Leave it empty if the paper has no end."),
    )
    item = forms.ModelChoiceField(
        ChecklistItem.objects.none(), widget=forms.HiddenInput, required=False
    )
    replaces = forms.ModelChoiceField(
        Document.objects.none(), widget=forms.HiddenInput, required=False
    )

    def __init__(self, *args: Any, fair: Fair, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = ChecklistItem.objects.filter(rule__basis=fair.legal_basis)
        self.fields["item"].queryset = asked.filter(retired_at__isnull=True)  # type: ignore[attr-defined]
        self.fields["replaces"].queryset = Document.objects.filter(fair=fair)  # type: ignore[attr-defined]
        for name in ("title", "number", "valid_until"):
            label = Document._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            self.fields[name].label = capfirst(label)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        return file

    def paper(self) -> Paper:
        file = self.cleaned_data["file"]
        return Paper(
            title=self.cleaned_data["title"],
            number=self.cleaned_data["number"],
            valid_until=self.cleaned_data["valid_until"],
            file_name=clean(file.name or ""),
            content=file.read(),
        )


class TickForm(forms.Form):
    """What is to be known of a line, or, where a document is asked for, why there is none."""

    note = LineField(
        label=_("Note"),
        max_length=200,
        error_messages={"required": _("Say why this fair does not need the document.")},
    )

    def __init__(self, *args: Any, item: ChecklistItem) -> None:
        super().__init__(*args)
        self.fields["note"].required = item.needs_document
