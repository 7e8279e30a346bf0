"""What the worker does for fairs."""

from fairs.tasks.notices import INTERRUPTED, send_notice
from fairs.tasks.pavilions import send_pavilion_link
from fairs.tasks.reminders import ask_reminders, send_reminders

__all__ = ["INTERRUPTED", "ask_reminders", "send_notice", "send_pavilion_link", "send_reminders"]
