"""Shows a recording: as a picture of task lanes, as text, and two of them compared."""

DOORS = ("timeline",)
