"""What is filled in at the desk."""

from booths.forms.desk import ReviewForm

__all__ = ["ReviewForm"]
