"""What an organiser chooses before printing."""

from django import forms


class PrintForm(forms.Form):
    """Which badges to print: all, or those that are new or changed since their last print."""

    scope = forms.ChoiceField(choices=[("all", "all"), ("new", "new")], required=False)

    def clean_scope(self) -> str:
        return self.cleaned_data["scope"] or "all"
