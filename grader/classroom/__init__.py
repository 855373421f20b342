"""A class: its people, their submissions, their marks in nbgrader's gradebook, what they get back."""

DOORS = ("collect", "demo", "export", "feedback", "grade", "roster")
