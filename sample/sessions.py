"""The programme of the sample's fair to come: five days on three stages."""

from datetime import date, time, timedelta

from sample.records import SessionRecord
from sample.sources import read_rows

# In the order of the timetable's columns; the English names stand beside.
STAGES = {
    "Sân khấu chính": "Main stage",
    "Khu trình diễn nghề": "Craft corner",
    "Góc livestream": "Livestream corner",
}


def make_sessions(first_day: date) -> tuple[SessionRecord, ...]:
    """Return the sessions of a fair that opens on `first_day`, day by day."""
    return tuple(
        SessionRecord(
            stage=row["stage"],
            kind=row["kind"],
            title=row["title"],
            title_en=row["title_en"],
            day=first_day + timedelta(days=int(row["day"]) - 1),
            starts=time.fromisoformat(row["starts"]),
            ends=time.fromisoformat(row["ends"]),
            crew=row["crew"],
            place=row["place"],
            livestream_url=row["livestream_url"],
            group=row["group"],
        )
        for row in read_rows("sessions.csv")
    )
