"""What the interrupted jobs publish."""

from typing import ClassVar

from django.db import models

from core.storage import StoredFile


class Mark(models.Model):
    """One row per time that a job's result was published. Nothing forbids a second one."""

    name = models.CharField(max_length=40)
    attempt = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)

    # Said aloud because type checking reads the product's settings, which have no such app.
    objects: ClassVar["models.Manager[Mark]"] = models.Manager()

    def __str__(self) -> str:
        return f"{self.name} {self.attempt}"
