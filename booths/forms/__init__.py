"""What is filled in at the desk."""

from booths.forms.desk import ReviewForm, TakingsForm

__all__ = ["ReviewForm", "TakingsForm"]
